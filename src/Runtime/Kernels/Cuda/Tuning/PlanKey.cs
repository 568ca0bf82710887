using System.Globalization;

namespace Moesaic.Kernels;

/// <summary>What the fastest plan depends on, on one kind of GPU.</summary>
/// <param name="Sizes">Of the layer.</param>
/// <param name="IsGated">Whether the first projection has two parts.</param>
/// <param name="Format">Of the weights.</param>
/// <param name="Tokens">Of a call, rounded up to a power of two.</param>
internal readonly record struct PlanKey(ExpertSizes Sizes, bool IsGated, WeightFormat Format, int Tokens)
{
    internal static PlanKey Of(in ExpertSizes sizes, bool isGated, WeightFormat format, int tokens) =>
        new(sizes, isGated, format, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)tokens));

    /// <summary><c>2048,768,128,8 gated BFloat16 64</c>: hidden size, expert width, experts, choices.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Sizes.Hidden},{Sizes.Width},{Sizes.Experts},{Sizes.TopK} {(IsGated ? "gated" : "ungated")} {Format} {Tokens}");
}
