using Moesaic.Generators.Helpers;

namespace Moesaic.Generators.Specs;

/// <summary>What a record annotated with <c>[ModelConfig]</c> declares.</summary>
/// <param name="Type">The record.</param>
/// <param name="Properties">Those with a setter, a base record's first.</param>
/// <param name="Supported">Keys whose other values are refused.</param>
/// <param name="HidesBase">A base record has a <c>Read</c> of its own.</param>
internal sealed record ModelConfigSpec(
    DeclaredType Type, EquatableArray<ConfigPropertySpec> Properties, EquatableArray<SupportedValuesSpec> Supported, bool HidesBase);
