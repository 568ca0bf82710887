namespace Moesaic.Generators.Planning;

/// <summary>The values of <c>Moesaic.WeightSlice</c>.</summary>
internal enum WeightSlice
{
    Whole,
    FirstHalf,
    SecondHalf,
}
