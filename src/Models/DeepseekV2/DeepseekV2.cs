using static TorchSharp.torch;

namespace Moesaic.Models.DeepseekV2;

/// <summary>DeepSeek-V2: latent attention; 160 routed experts in 8 groups, 6 a token from the best 3 groups, and two shared.</summary>
/// <remarks>Paper: https://arxiv.org/abs/2405.04434. Checkpoints: deepseek-ai/DeepSeek-V2, and V2-Lite, which has no groups and plain queries.</remarks>
[MoeModel("deepseek_v2", Architectures = ["DeepseekV2ForCausalLM"])]
public sealed partial class DeepseekV2ForCausalLm(DeepseekV2Config config) : CausalLm<DeepseekV2Config, DeepseekV2DecoderLayer>(config);

/// <summary>Attention, then a dense MLP in the first layers and experts in the others.</summary>
[Module]
public sealed partial class DeepseekV2DecoderLayer(DeepseekV2Config config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public MultiHeadLatentAttention SelfAttn { get; } = new(config, layerIndex);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public ExplicitModule Mlp { get; } = layerIndex < config.FirstKDenseReplace
        ? new GatedMlp(config.HiddenSize, config.IntermediateSize)
        : new DeepseekV2Moe(config);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = x + SelfAttn.forward(InputLayernorm.forward(x), context);
        return (x + Mlp.forward(PostAttentionLayernorm.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>Softmax scores in float32, the best groups by their best expert; weights are scaled and never renormalized.</summary>
[MoeBlock<GroupLimitedSoftmaxRouter, SwiGlu>]
[RouterWeights(Float32 = true)]
[SharedExperts]
public sealed partial class DeepseekV2Moe(DeepseekV2Config config) : MoeBlock(config);
