namespace Moesaic.Generators.Planning;

/// <summary>A weight rule, as <c>Moesaic.WeightRule</c> has it.</summary>
internal sealed record PlannedRule(string Tensor, string Parameter)
{
    public WeightSlice Slice { get; init; }

    public bool Transposed { get; init; }

    public bool Interleaved { get; init; }

    public bool Flat { get; init; }
}
