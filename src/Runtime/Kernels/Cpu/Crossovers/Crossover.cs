namespace Moesaic.Kernels.Cpu;

/// <summary>With how many rows an expert goes to libtorch's matrix products, and how that is known.</summary>
/// <param name="Rows"><see cref="Never"/> where libtorch is not faster with any number that was tried.</param>
/// <param name="Source">In a few words: measured, read from a file, or set.</param>
internal sealed record Crossover(int Rows, string Source)
{
    internal const int Never = int.MaxValue;

    public override string ToString() => Rows == Never
        ? $"no expert goes to libtorch's matrix product, {Source}"
        : $"experts with {Rows} rows or more go to libtorch's matrix product, {Source}";
}
