namespace Moesaic.Generators.Specs;

/// <summary>What makes a module a decoder layer.</summary>
/// <param name="ConfigType">The type of its constructor's first parameter, from <c>global::</c>.</param>
/// <param name="HidesBase">It derives from another layer, which has a <c>Create</c> of its own.</param>
internal sealed record LayerSpec(string ConfigType, bool HidesBase);
