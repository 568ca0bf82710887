namespace Moesaic.Kernels;

/// <summary>One result of its sums.</summary>
internal static class TileValue
{
    internal static float Of<TActivation, TRole>(TActivation activation, float weight, float first, float second, float firstBias, float secondBias)
        where TActivation : struct, IExpertActivation
        where TRole : struct, ITiledRole =>

        // Sums of the second product are weighted already, its bias is not.
        TRole.IsDown ? first + (weight * firstBias)
            : TActivation.IsGated ? weight * activation.Apply(first + firstBias, second + secondBias)
            : weight * activation.Apply(first + firstBias, 0f);
}
