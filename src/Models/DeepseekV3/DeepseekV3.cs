using static TorchSharp.torch;

namespace Moesaic.Models.DeepseekV3;

/// <summary>DeepSeek-V3, R1 and Kimi-K2: latent attention; 256 routed experts in 8 groups, 8 a token from the best 4 groups, and one shared.</summary>
/// <remarks>Paper: https://arxiv.org/abs/2412.19437. Checkpoint: deepseek-ai/DeepSeek-V3. Its layer 61 predicts one more token and is not used.</remarks>
[MoeModel("deepseek_v3", Architectures = ["DeepseekV3ForCausalLM"], Ignored = ["model.layers.{num_hidden_layers}.*"])]
public sealed partial class DeepseekV3ForCausalLm(DeepseekV3Config config) : CausalLm<DeepseekV3Config, DeepseekV3DecoderLayer>(config);

/// <summary>Attention, then a dense MLP in the first layers and experts in the others.</summary>
[Module]
public sealed partial class DeepseekV3DecoderLayer(DeepseekV3Config config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public MultiHeadLatentAttention SelfAttn { get; } = new(config, layerIndex, config.RopeInterleave);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public ExplicitModule Mlp { get; } = layerIndex < config.FirstKDenseReplace
        ? new GatedMlp(config.HiddenSize, config.IntermediateSize)
        : new DeepseekV3Moe(config);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = x + SelfAttn.forward(InputLayernorm.forward(x), context);
        return (x + Mlp.forward(PostAttentionLayernorm.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>Sigmoid scores in float32; a bias moves the choice of groups and experts and never their weights.</summary>
[MoeBlock<GroupLimitedSigmoidRouter, SwiGlu>]
[RouterWeights(SelectionBias = "gate.e_score_correction_bias", Float32 = true)]
[SharedExperts]
public sealed partial class DeepseekV3Moe(DeepseekV3Config config) : MoeBlock(config);
