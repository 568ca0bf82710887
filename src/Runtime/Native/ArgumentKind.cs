namespace Moesaic.Native;

/// <summary>What an argument on a <see cref="DispatcherCall"/> owns, and so how it is given back.</summary>
internal enum ArgumentKind : byte
{
    /// <summary>Nothing: a number, a truth value, none.</summary>
    Plain,

    /// <summary>A reference to a tensor.</summary>
    Tensor,

    /// <summary>A malloc'ed box with a number.</summary>
    BoxedNumber,

    /// <summary>A malloc'ed box with a reference to a tensor.</summary>
    BoxedTensor,

    /// <summary>A string.</summary>
    String,

    /// <summary>A list of numbers.</summary>
    List,
}
