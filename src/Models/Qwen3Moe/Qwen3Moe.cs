using static TorchSharp.torch;

namespace Moesaic.Models.Qwen3Moe;

/// <summary>Qwen3-30B-A3B, 235B-A22B and Coder: 128 experts, 8 per token, in all layers or some; queries and keys normed per head.</summary>
/// <remarks>Paper: https://arxiv.org/abs/2505.09388. Checkpoint: Qwen/Qwen3-30B-A3B.</remarks>
[MoeModel("qwen3_moe", Architectures = ["Qwen3MoeForCausalLM"])]
public sealed partial class Qwen3MoeForCausalLm(Qwen3MoeConfig config) : CausalLm<Qwen3MoeConfig, Qwen3MoeDecoderLayer>(config);

/// <summary>Attention, then experts or a dense MLP, each on a normed residual stream.</summary>
[Module]
public sealed partial class Qwen3MoeDecoderLayer(Qwen3MoeConfig config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public Qwen3MoeAttention SelfAttn { get; } = new(config, layerIndex);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public ExplicitModule Mlp { get; } = config.IsSparse(layerIndex)
        ? new Qwen3MoeSparseMoeBlock(config)
        : new GatedMlp(config.HiddenSize, config.IntermediateSize);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = x + SelfAttn.forward(InputLayernorm.forward(x), context);
        return (x + Mlp.forward(PostAttentionLayernorm.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>Softmax over all experts, keep the top k; released models renormalize.</summary>
[MoeBlock<SoftmaxTopKRouter, SwiGlu>]
public sealed partial class Qwen3MoeSparseMoeBlock(Qwen3MoeConfig config) : MoeBlock(config);
