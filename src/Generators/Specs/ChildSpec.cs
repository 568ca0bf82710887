namespace Moesaic.Generators.Specs;

/// <summary>A property that holds a child module or a parameter.</summary>
/// <param name="Property">Its C# name, without the <c>@</c> of a keyword.</param>
/// <param name="CheckpointName">What <c>[CheckpointName]</c> says; null without one.</param>
/// <param name="IsParameter">A parameter, else a module.</param>
internal sealed record ChildSpec(string Property, string? CheckpointName, bool IsParameter);
