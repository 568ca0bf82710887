namespace Moesaic.Kernels;

/// <summary>One result of its sums.</summary>
internal static class TileValue
{
    internal static float Of<TActivation, TRole>(TActivation activation, float weight, float first, float second)
        where TActivation : struct, IExpertActivation
        where TRole : struct, ITiledRole =>

        // Sums of the second product are weighted already.
        TRole.IsDown ? first : weight * activation.Apply(first, TActivation.IsGated ? second : 0f);

    internal static float WithBias<TActivation, TRole>(TActivation activation, float weight, float first, float second, float firstBias, float secondBias)
        where TActivation : struct, IExpertActivation
        where TRole : struct, ITiledRole =>
        Of<TActivation, TRole>(activation, weight, first + (TRole.IsDown ? weight * firstBias : firstBias), second + secondBias);
}
