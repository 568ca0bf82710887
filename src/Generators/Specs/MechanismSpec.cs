using Moesaic.Generators.Helpers;

namespace Moesaic.Generators.Specs;

/// <summary>A router or an activation: a struct, and where its numbers come from.</summary>
/// <param name="Name">As a person reads it.</param>
/// <param name="QualifiedName">From <c>global::</c>.</param>
/// <param name="Accessibility">The widest that a property of this type can have: <c>public</c>, <c>internal</c> or <c>private</c>.</param>
/// <param name="Arguments">Of its constructor, in order.</param>
internal sealed record MechanismSpec(string Name, string QualifiedName, string Accessibility, EquatableArray<ArgumentSpec> Arguments);
