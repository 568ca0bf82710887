using Moesaic.Generators.Helpers;

namespace Moesaic.Generators.Specs;

/// <summary>What a model is made of, for lists of models.</summary>
/// <param name="Mixers">What lets tokens see each other, by class of the library, in the order of declaration.</param>
/// <param name="Blocks">The Mixture-of-Experts blocks, in the order of declaration.</param>
internal sealed record ModelOutlineSpec(EquatableArray<string> Mixers, EquatableArray<BlockOutlineSpec> Blocks);
