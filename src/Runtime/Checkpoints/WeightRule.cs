namespace Moesaic;

/// <summary>Where one checkpoint tensor, or one a routed expert, goes. Names are relative to the module that states the rule.</summary>
/// <param name="Tensor">The tensor's name; <c>{e}</c> stands for each expert in turn.</param>
/// <param name="Parameter">The parameter it fills, by registered names: <c>experts.w13</c>. One whose name ends in <c>bias</c> is a bias.</param>
/// <remarks>A parameter that a rule fills is filled by rules alone: its own name counts no more.</remarks>
public sealed record WeightRule(string Tensor, string Parameter)
{
    /// <summary>The rows it fills: those of the second-last dimension of a weight, the last of a bias.</summary>
    public WeightSlice Slice { get; init; } = WeightSlice.Whole;

    /// <summary>The checkpoint keeps the last two dimensions the other way round: [E, D, 2F] for w13 [E, 2F, D].</summary>
    public bool Transposed { get; init; }

    /// <summary>Gate and up rows alternate in the checkpoint, g0 u0 g1 u1, and lie in halves in the parameter.</summary>
    public bool Interleaved { get; init; }

    /// <summary>The checkpoint stacks the experts in the first dimension without one of their own: [E * F, D] for [E, F, D].</summary>
    public bool Flat { get; init; }
}
