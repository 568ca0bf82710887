using static TorchSharp.torch;

namespace Moesaic.Models.Qwen2Moe;

/// <summary>Qwen1.5-MoE-A2.7B and Qwen2-57B-A14B: many small experts beside a large shared one behind a sigmoid gate.</summary>
/// <remarks>Paper: https://arxiv.org/abs/2407.10671. Checkpoint: Qwen/Qwen1.5-MoE-A2.7B.</remarks>
[MoeModel("qwen2_moe", Architectures = ["Qwen2MoeForCausalLM"])]
public sealed partial class Qwen2MoeForCausalLm(Qwen2MoeConfig config) : CausalLm<Qwen2MoeConfig, Qwen2MoeDecoderLayer>(config);

/// <summary>Attention, then experts or a dense MLP, each on a normed residual stream.</summary>
[Module]
public sealed partial class Qwen2MoeDecoderLayer(Qwen2MoeConfig config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public GroupedQueryAttention SelfAttn { get; } = new(config, layerIndex, bias: config.QkvBias);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public ExplicitModule Mlp { get; } = config.IsSparse(layerIndex)
        ? new Qwen2MoeSparseMoeBlock(config)
        : new GatedMlp(config.HiddenSize, config.IntermediateSize);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = x + SelfAttn.forward(InputLayernorm.forward(x), context);
        return (x + Mlp.forward(PostAttentionLayernorm.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>Softmax over all experts, keep the top k as they are; a gated shared expert is added.</summary>
[MoeBlock<SoftmaxTopKRouter, SwiGlu>]
[SharedExperts(Name = "shared_expert", Gated = true)]
public sealed partial class Qwen2MoeSparseMoeBlock(Qwen2MoeConfig config) : MoeBlock(config);
