using Moesaic.Generators.Helpers;

namespace Moesaic.Generators.Specs;

/// <summary>A partial type of the author's that gets a generated part.</summary>
/// <remarks>Like every spec: strings, enums, numbers and records of them, never a symbol, a node, a location or a compilation.</remarks>
/// <param name="Namespace">Empty for the global one.</param>
/// <param name="Parts">How it and the types around it are declared again, outermost first: <c>partial class Outer</c>.</param>
/// <param name="Name">Its name with type parameters, as code around it writes it.</param>
/// <param name="FullName">With namespace and the types around it, as a person reads it.</param>
/// <param name="QualifiedName">The same from <c>global::</c>, as generated code writes it.</param>
/// <param name="MetadataName">The same as metadata has it, which no two types of an assembly share.</param>
internal sealed record DeclaredType(
    string Namespace, EquatableArray<string> Parts, string Name, string FullName, string QualifiedName, string MetadataName);
