using static TorchSharp.torch;

namespace Moesaic.Models.Qwen3Next;

/// <summary>Qwen3-Next: gated delta nets, gated attention in every fourth layer, and many small experts beside a shared one.</summary>
/// <remarks>Checkpoint: Qwen/Qwen3-Next-80B-A3B-Instruct. The layer that predicts one more token is not used.</remarks>
[MoeModel("qwen3_next", Architectures = ["Qwen3NextForCausalLM"], Ignored = ["mtp.*"])]
public sealed partial class Qwen3NextForCausalLm(Qwen3NextConfig config)
    : CausalLm<Qwen3NextConfig, Qwen3NextDecoderLayer>(config, new GemmaRmsNorm(config.HiddenSize, config.RmsNormEps));

/// <summary>Attention or a gated delta net, then experts or a dense MLP, each on a normed residual stream.</summary>
[Module]
public sealed partial class Qwen3NextDecoderLayer(Qwen3NextConfig config, int layerIndex) : DecoderLayer
{
    public GemmaRmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public Qwen3NextAttention? SelfAttn { get; } = config.IsAttention(layerIndex) ? new(config, layerIndex) : null;
    public GatedDeltaNet? LinearAttn { get; } = config.IsAttention(layerIndex) ? null : new(config, layerIndex);
    public GemmaRmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public ExplicitModule Mlp { get; } =
        config.IsMoe(layerIndex) ? new Qwen3NextSparseMoeBlock(config) : new GatedMlp(config.HiddenSize, config.IntermediateSize);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var mixer = (SequenceModule?)SelfAttn ?? LinearAttn!;
        x = x + mixer.forward(InputLayernorm.forward(x), context);
        return (x + Mlp.forward(PostAttentionLayernorm.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>Queries and keys are normed per head before they turn; each head's output is gated.</summary>
[Module]
public sealed partial class Qwen3NextAttention(Qwen3NextConfig config, int layerIndex)
    : GroupedQueryAttention(config, layerIndex, config.AttentionBias, config.AttentionBias, gated: true)
{
    public GemmaRmsNorm QNorm { get; } = new(config.HeadDim!.Value, config.RmsNormEps);
    public GemmaRmsNorm KNorm { get; } = new(config.HeadDim!.Value, config.RmsNormEps);

    protected override bool HeadsAreIndependent => true;

    protected override (Tensor Query, Tensor Key) Position(Tensor query, Tensor key, AttentionContext context) =>
        base.Position(QNorm.forward(query), KNorm.forward(key), context);
}

/// <summary>Softmax over all experts, keep the top k; a shared expert counts as much as its gate says.</summary>
[MoeBlock<SoftmaxTopKRouter, SwiGlu>]
[SharedExperts(Name = "shared_expert", Gated = true)]
public sealed partial class Qwen3NextSparseMoeBlock(Qwen3NextConfig config) : MoeBlock(config);
