using static TorchSharp.torch;

namespace Moesaic.Models.Glm4MoeLite;

/// <summary>GLM-4.7-Flash: GLM-4.5's experts below DeepSeek's latent attention; 64 routed experts, 4 a token, and one shared.</summary>
/// <remarks>Checkpoint: zai-org/GLM-4.7-Flash. Its layer 47 predicts one more token and is not used.</remarks>
[MoeModel("glm4_moe_lite", Architectures = ["Glm4MoeLiteForCausalLM"], Ignored = ["model.layers.{num_hidden_layers}.*"])]
public sealed partial class Glm4MoeLiteForCausalLm(Glm4MoeLiteConfig config) : CausalLm<Glm4MoeLiteConfig, Glm4MoeLiteDecoderLayer>(config);

/// <summary>Attention, then a dense MLP or experts, as the config lists the layers.</summary>
[Module]
public sealed partial class Glm4MoeLiteDecoderLayer(Glm4MoeLiteConfig config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public MultiHeadLatentAttention SelfAttn { get; } = new(config, layerIndex, config.RopeInterleave);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public ExplicitModule Mlp { get; } = config.MlpLayerTypes.IsSparse(layerIndex)
        ? new Glm4MoeLiteMoe(config)
        : new GatedMlp(config.HiddenSize, config.IntermediateSize);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = x + SelfAttn.forward(InputLayernorm.forward(x), context);
        return (x + Mlp.forward(PostAttentionLayernorm.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>Sigmoid scores in float32; a bias moves the choice of experts and never their weights.</summary>
[MoeBlock<GroupLimitedSigmoidRouter, SwiGlu>]
[RouterWeights(SelectionBias = "gate.e_score_correction_bias", Float32 = true)]
[SharedExperts]
public sealed partial class Glm4MoeLiteMoe(Glm4MoeLiteConfig config) : MoeBlock(config);
