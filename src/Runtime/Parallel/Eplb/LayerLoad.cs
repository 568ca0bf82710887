namespace Moesaic.Eplb;

/// <summary>How often each expert of a layer was chosen.</summary>
/// <param name="Name">The block, from the model down: <c>model.layers.0.mlp</c>.</param>
/// <param name="Assignments">By logical expert: [E].</param>
public sealed record LayerLoad(string Name, IReadOnlyList<long> Assignments);
