namespace Moesaic.Tests.Moe;

/// <summary>Sizes of a case, and which experts its tokens may choose.</summary>
internal sealed record ExpertsShape(int Tokens, int Hidden = 32, int Width = 16, int Experts = 8, int TopK = 2)
{
    internal bool Bias { get; init; }

    /// <summary>The only expert chosen; needs K = 1.</summary>
    internal int? Only { get; init; }

    /// <summary>An expert that nobody chooses.</summary>
    internal int? Never { get; init; }

    /// <summary>K different experts, in any order.</summary>
    internal IEnumerable<int> Route(Random random) => Only is { } only
        ? [only]
        : Enumerable.Range(0, Experts).Where(e => e != Never).OrderBy(_ => random.Next()).Take(TopK);
}
