namespace Moesaic.Generators.Expansion;

/// <summary>What a checkpoint may or must have below a name.</summary>
internal abstract record TensorNode
{
    public static TensorNode Nothing { get; } = new GroupNode([]);
}

/// <summary>A tensor; null for a shape, or a dimension of it, that is not decided.</summary>
/// <param name="Name">Below the node around it.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="IsNarrowRouter">The weight of a router that computes in the model's dtype.</param>
internal sealed record LeafNode(string Name, IReadOnlyList<long?>? Shape, bool IsNarrowRouter = false) : TensorNode;

/// <summary>All of several.</summary>
internal sealed record GroupNode(IReadOnlyList<TensorNode> Parts) : TensorNode;

/// <summary>One of several.</summary>
internal sealed record ChoiceNode(IReadOnlyList<TensorNode> Alternatives) : TensorNode;

/// <summary>Something below a longer name.</summary>
internal sealed record BelowNode(string Name, TensorNode Inner, Origin? Origin = null) : TensorNode;

/// <summary>No tensor: a number that tensor ranks share.</summary>
/// <param name="What">In words, as the runtime says it.</param>
/// <param name="Total">How many there are.</param>
/// <param name="MayRepeat">Of fewer than ranks, several ranks may have the same one.</param>
internal sealed record CutNode(string What, long Total, bool MayRepeat) : TensorNode
{
    public bool Allows(int ranks) => Total % ranks == 0 || (MayRepeat && ranks % Total == 0);
}

/// <summary>Whatever the checkpoint has here: not decided.</summary>
internal sealed record AnythingNode : TensorNode;
