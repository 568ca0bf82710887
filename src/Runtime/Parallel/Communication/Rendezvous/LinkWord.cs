namespace Moesaic.Communication;

/// <summary>What a <see cref="LinkFrame"/> says.</summary>
internal enum LinkWord
{
    /// <summary>To the first rank: here I am.</summary>
    Hello,

    /// <summary>From the first rank: you are in.</summary>
    Welcome,

    /// <summary>To the first rank: my numbers.</summary>
    Numbers,

    /// <summary>From the first rank: everybody's numbers.</summary>
    Answer,

    /// <summary>To the first rank: I have done all I had to.</summary>
    Done,

    /// <summary>To the first rank: I fail, and this is why.</summary>
    Failed,

    /// <summary>From the first rank: one has failed and that has been said; end.</summary>
    End,
}
