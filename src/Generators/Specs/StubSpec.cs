using Moesaic.Generators.Helpers;

namespace Moesaic.Generators.Specs;

/// <summary>What a declaration that is wrong gets all the same, so that its own errors are all there is to read: members that refuse to run.</summary>
/// <param name="Type">The annotated type.</param>
/// <param name="Bases">What the generated part adds to its list of bases: empty, or <c> : IBase</c>.</param>
/// <param name="Members">Their heads: what stands before <c>=&gt;</c>.</param>
internal sealed record StubSpec(DeclaredType Type, string Bases, EquatableArray<string> Members);
