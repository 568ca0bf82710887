namespace Moesaic.Checkpoints;

/// <summary>A tensor that a model expects of its checkpoints.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its dimensions, unquantized.</param>
public sealed record ExpectedTensor(string Name, IReadOnlyList<long> Shape)
{
    /// <summary>Every tensor that fills a parameter of <paramref name="model"/>, in the order of its modules.</summary>
    /// <exception cref="CheckpointException">The model's weight rules contradict themselves or their parameters.</exception>
    public static IReadOnlyList<ExpectedTensor> Of(ExplicitModule model) =>
        [.. StatedTensor.Of(model, "the model").Select(static tensor => new ExpectedTensor(tensor.Name, tensor.Shape))];
}
