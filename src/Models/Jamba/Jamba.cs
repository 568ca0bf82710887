using static TorchSharp.torch;

namespace Moesaic.Models.Jamba;

/// <summary>Jamba: Mamba layers with an attention layer among every few, and experts in every other layer.</summary>
/// <remarks>Paper: https://arxiv.org/abs/2403.19887. Checkpoints: ai21labs/Jamba-v0.1, ai21labs/AI21-Jamba-Mini-1.5.</remarks>
[MoeModel("jamba", Architectures = ["JambaForCausalLM"])]
public sealed partial class JambaForCausalLm(JambaConfig config) : CausalLm<JambaConfig, JambaDecoderLayer>(config, normName: "final_layernorm");

/// <summary>Attention or Mamba, then a dense MLP or experts, each on a normed residual stream.</summary>
[Module]
public sealed partial class JambaDecoderLayer(JambaConfig config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public JambaAttention? SelfAttn { get; } = config.IsAttention(layerIndex) ? new(config, layerIndex) : null;
    public MambaMixer? Mamba { get; } = config.IsAttention(layerIndex) ? null : new(config, layerIndex, innerNormEps: config.RmsNormEps);
    public RmsNorm PreFfLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public ExplicitModule FeedForward { get; } =
        config.IsMoe(layerIndex) ? new JambaSparseMoeBlock(config) : new GatedMlp(config.HiddenSize, config.MoeIntermediateSize);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var mixer = (SequenceModule?)SelfAttn ?? Mamba!;
        x = x + mixer.forward(InputLayernorm.forward(x), context);
        return (x + FeedForward.forward(PreFfLayernorm.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>Attention that is not told positions: the Mamba layers know the order.</summary>
[Module]
public sealed partial class JambaAttention(JambaConfig config, int layerIndex) : GroupedQueryAttention(config, layerIndex)
{
    protected override bool HeadsAreIndependent => true;

    protected override (Tensor Query, Tensor Key) Position(Tensor query, Tensor key, AttentionContext context) => (query, key);
}

/// <summary>Softmax over all experts, keep the top k as they are.</summary>
[MoeBlock<SoftmaxTopKRouter, SwiGlu>]
[RouterWeights(Name = "router")]
public sealed partial class JambaSparseMoeBlock(JambaConfig config) : MoeBlock(config);
