namespace Moesaic.Generators.Specs;

/// <summary>The values of <c>Moesaic.ExpertLayout</c>, in its order.</summary>
internal enum ExpertLayout
{
    PerExpert,
    Stacked,
    Flat,
}
