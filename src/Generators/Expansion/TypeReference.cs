namespace Moesaic.Generators.Expansion;

/// <summary>A class with the classes for its type parameters.</summary>
internal sealed record TypeReference(ModuleClass Class, IReadOnlyDictionary<string, TypeReference> Arguments);
