namespace Moesaic.Generators.Specs;

/// <summary>The lines of a block's annotations, of the report alone: whatever else knew them would be written anew whenever a line moves.</summary>
/// <param name="FullName">The block.</param>
/// <param name="File">Its file, without folders.</param>
/// <param name="Block">The line of <c>[MoeBlock]</c>.</param>
/// <param name="Router">That of <c>[RouterWeights]</c>; 0 without one, as below.</param>
/// <param name="Experts">That of <c>[ExpertWeights]</c>.</param>
/// <param name="Shared">That of <c>[SharedExperts]</c>.</param>
/// <param name="Forward">That of a <c>forward</c> of the author's.</param>
internal sealed record BlockLinesSpec(string FullName, string File, int Block, int Router, int Experts, int Shared, int Forward);
