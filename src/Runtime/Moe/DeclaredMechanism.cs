namespace Moesaic;

/// <summary>A router or an activation that a declaration names.</summary>
/// <param name="Name">The struct.</param>
/// <param name="Values">What its constructor was given, in order.</param>
public sealed record DeclaredMechanism(string Name, IReadOnlyList<DeclaredValue> Values)
{
    /// <summary><c>SoftmaxTopKRouter(topK: 2, normTopkProb: true)</c>.</summary>
    public override string ToString() => Values.Count == 0 ? Name : $"{Name}({string.Join(", ", Values)})";
}
