using Moesaic.Generators.Helpers;

namespace Moesaic.Generators.Specs;

/// <summary>What a class annotated with <c>[Module]</c> declares.</summary>
/// <param name="Type">The class.</param>
/// <param name="Children">Its children and parameters in declaration order, without those of its bases.</param>
/// <param name="CallsBase">A base class registers children of its own.</param>
/// <param name="Layer">Null for a module that is no decoder layer, or makes itself.</param>
internal sealed record ModuleSpec(DeclaredType Type, EquatableArray<ChildSpec> Children, bool CallsBase, LayerSpec? Layer);
