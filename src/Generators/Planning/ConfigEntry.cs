using Moesaic.Generators.Helpers;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Planning;

/// <summary>How one property of a config is read.</summary>
/// <param name="Keys">Tried in order; empty for a value that reads itself from the whole.</param>
internal sealed record ConfigEntry(string Property, string TypeName, ConfigValueKind Kind, EquatableArray<string> Keys, bool IsRequired);
