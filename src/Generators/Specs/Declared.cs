namespace Moesaic.Generators.Specs;

/// <summary>An annotated type: what was understood of it, or what it gets where it is wrong.</summary>
/// <param name="Spec">Null for a wrong declaration.</param>
/// <param name="Stub">Null for a right one, and for a wrong one that needs nothing.</param>
internal sealed record Declared<TSpec>(TSpec? Spec, StubSpec? Stub)
    where TSpec : class;
