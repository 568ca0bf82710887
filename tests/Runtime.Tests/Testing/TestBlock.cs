using static TorchSharp.torch;

namespace Moesaic.Tests.Testing;

/// <summary>A block without a router of its own: every token goes to the first K experts.</summary>
internal sealed class TestBlock<TActivation> : MoeBlock
    where TActivation : struct, IExpertActivation
{
    private readonly WeightRule[] _rules;

    internal TestBlock(int intermediateSize, params WeightRule[] rules)
        : base(new TestSizes(intermediateSize))
    {
        _rules = rules;
        Experts = new(Config.NumExperts, Config.HiddenSize, Config.MoeIntermediateSize);
        Register("experts", Experts);
    }

    public FusedExperts<TActivation> Experts { get; }

    public override FusedExperts RoutedExperts => Experts;

    public override IReadOnlyList<WeightRule> WeightRules => _rules;

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var rows = x.reshape(-1, Config.HiddenSize);
        var ids = arange(Config.TopK, dtype: int32).expand(rows.shape[0], Config.TopK);
        return Experts.Forward(rows, ids, ones([rows.shape[0], Config.TopK])).reshape(x.shape).MoveToOuterDisposeScope();
    }

    private sealed record TestSizes(int MoeIntermediateSize) : IMoeConfig
    {
        public int HiddenSize => 8;

        public int NumExperts => 3;

        public int TopK => 2;
    }
}
