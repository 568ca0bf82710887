using static TorchSharp.torch;

namespace Moesaic.Models.HunyuanMoe;

/// <summary>Hunyuan-A13B: 64 experts, 8 per token, and a shared one; query and key heads normed after they turn.</summary>
/// <remarks>Report: https://github.com/Tencent-Hunyuan/Hunyuan-A13B. Checkpoint: tencent/Hunyuan-A13B-Instruct.</remarks>
[MoeModel("hunyuan_v1_moe", Architectures = ["HunYuanMoEV1ForCausalLM"])]
public sealed partial class HunyuanMoeForCausalLm(HunyuanMoeConfig config) : CausalLm<HunyuanMoeConfig, HunyuanMoeDecoderLayer>(config);

/// <summary>Attention, then experts, each on a normed residual stream.</summary>
[Module]
public sealed partial class HunyuanMoeDecoderLayer(HunyuanMoeConfig config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public HunyuanMoeAttention SelfAttn { get; } = new(config, layerIndex);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public HunyuanMoeBlock Mlp { get; } = new(config.At(layerIndex));

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = x + SelfAttn.forward(InputLayernorm.forward(x), context);
        return (x + Mlp.forward(PostAttentionLayernorm.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>Attention whose query and key heads are normed after they turn.</summary>
[Module]
public sealed partial class HunyuanMoeAttention(HunyuanMoeConfig config, int layerIndex)
    : GroupedQueryAttention(config, layerIndex, bias: config.AttentionBias, outputBias: config.AttentionBias)
{
    public RmsNorm QueryLayernorm { get; } = new(config.HeadDim ?? config.HiddenSize / config.NumAttentionHeads, config.RmsNormEps);
    public RmsNorm KeyLayernorm { get; } = new(config.HeadDim ?? config.HiddenSize / config.NumAttentionHeads, config.RmsNormEps);

    protected override bool HeadsAreIndependent => true;

    protected override (Tensor Query, Tensor Key) Position(Tensor query, Tensor key, AttentionContext context)
    {
        (query, key) = base.Position(query, key, context);
        return (QueryLayernorm.forward(query), KeyLayernorm.forward(key));
    }
}

/// <summary>Softmax over all experts in float32, keep the top k, renormalize; a shared MLP is added.</summary>
[MoeBlock<SoftmaxTopKRouter, SwiGlu>]
[RouterWeights(Name = "gate.wg", Float32 = true)]
[SharedExperts(Name = "shared_mlp")]
public sealed partial class HunyuanMoeBlock(HunyuanMoeLayer config) : MoeBlock(config);

/// <summary>The numbers of one layer's block: the config may have a list of them.</summary>
public sealed record HunyuanMoeLayer(int HiddenSize, int NumExperts, int TopK, int MoeIntermediateSize, int SharedExpertsIntermediateSize)
    : IMoeConfig, ISharedExpertsConfig
{
    public bool NormTopkProb => true; // Hunyuan always renormalizes; config.json has no key for it.
}
