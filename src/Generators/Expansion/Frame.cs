using Moesaic.Generators.Evaluation;

namespace Moesaic.Generators.Expansion;

/// <summary>One class of an instance, and what its members see: constructor parameters, type parameters.</summary>
internal sealed record Frame(ModuleClass Class, Scope Scope);
