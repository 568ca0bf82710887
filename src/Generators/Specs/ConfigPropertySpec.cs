using Moesaic.Generators.Helpers;

namespace Moesaic.Generators.Specs;

/// <summary>A property of a config record that config.json fills.</summary>
/// <param name="Property">Its C# name, without the <c>@</c> of a keyword.</param>
/// <param name="TypeName">Its type from <c>global::</c>, without a question mark.</param>
/// <param name="Kind">How it is read.</param>
/// <param name="Keys">What <c>[ConfigKey]</c> says; empty without one.</param>
/// <param name="IsRequired">The key must be there.</param>
internal sealed record ConfigPropertySpec(
    string Property, string TypeName, ConfigValueKind Kind, EquatableArray<string> Keys, bool IsRequired);
