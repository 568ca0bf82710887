namespace Moesaic.Kernels;

/// <summary>An expert of a token, and what its output is multiplied by.</summary>
internal struct ChosenExpert
{
    internal int Expert;
    internal float Weight;
}
