using static TorchSharp.torch;

namespace Moesaic.Models.Lfm2Moe;

/// <summary>LFM2-8B-A1B: short convolutions with some attention between them; sigmoid-routed experts after two dense layers.</summary>
/// <remarks>Report: https://arxiv.org/abs/2511.23404. Checkpoint: LiquidAI/LFM2-8B-A1B.</remarks>
[MoeModel("lfm2_moe", Architectures = ["Lfm2MoeForCausalLM"])]
public sealed partial class Lfm2MoeForCausalLm(Lfm2MoeConfig config)
    : CausalLm<Lfm2MoeConfig, Lfm2MoeDecoderLayer>(config, normName: "embedding_norm");

/// <summary>Attention or a short convolution, then a dense MLP or experts, each on a normed residual stream.</summary>
[Module]
public sealed partial class Lfm2MoeDecoderLayer(Lfm2MoeConfig config, int layerIndex) : DecoderLayer
{
    public RmsNorm OperatorNorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public Lfm2MoeAttention? SelfAttn { get; } = config.IsAttention(layerIndex) ? new(config, layerIndex) : null;
    public ShortConvolution? Conv { get; } =
        config.IsAttention(layerIndex) ? null : new(config.HiddenSize, config.ConvLCache, layerIndex, config.ConvBias);
    public RmsNorm FfnNorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public ExplicitModule FeedForward { get; } = layerIndex < config.NumDenseLayers ? new GatedMlp(config.HiddenSize, config.IntermediateSize, gate: "w1", up: "w3", down: "w2")
        : new Lfm2MoeSparseMoeBlock(config);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var mixer = (SequenceModule?)SelfAttn ?? Conv!;
        x = x + mixer.forward(OperatorNorm.forward(x), context);
        return (x + FeedForward.forward(FfnNorm.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>Queries and keys are normed per head before they turn.</summary>
[Module]
public sealed partial class Lfm2MoeAttention(Lfm2MoeConfig config, int layerIndex)
    : GroupedQueryAttention(config, layerIndex, outputName: "out_proj")
{
    public RmsNorm QLayernorm { get; } = new(config.HiddenSize / config.NumAttentionHeads, config.RmsNormEps);
    public RmsNorm KLayernorm { get; } = new(config.HiddenSize / config.NumAttentionHeads, config.RmsNormEps);

    protected override bool HeadsAreIndependent => true;

    protected override bool AttendsAsDeclared => true;

    protected override RmsNorm QueryNorm => QLayernorm;

    protected override RmsNorm KeyNorm => KLayernorm;
}

/// <summary>Sigmoid of each expert, the choice moved by a bias that the checkpoint keeps on the block, if the config says so.</summary>
[MoeBlock<Lfm2MoeRouter, SwiGlu>]
[RouterWeights(SelectionBias = "expert_bias", SelectionBiasIf = nameof(Lfm2MoeConfig.UseExpertBias))]
[ExpertWeights(Gate = "w1", Up = "w3", Down = "w2")]
public sealed partial class Lfm2MoeSparseMoeBlock(Lfm2MoeConfig config) : MoeBlock(config);
