using Moesaic.Generators.Helpers;

namespace Moesaic.Generators.Specs;

/// <summary>What a <c>[ConfigSupports]</c> says.</summary>
/// <param name="Values">As C# writes them.</param>
internal sealed record SupportedValuesSpec(string Key, EquatableArray<string> Values);
