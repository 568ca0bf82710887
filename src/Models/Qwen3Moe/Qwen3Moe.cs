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

/// <summary>What Qwen3-MoE reads from config.json.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
public sealed partial record Qwen3MoeConfig : IDecoderConfig, IAttentionConfig, IMoeConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int IntermediateSize { get; init; }
    public required int MoeIntermediateSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required int NumAttentionHeads { get; init; }
    public required int NumKeyValueHeads { get; init; }
    public int? HeadDim { get; init; }
    public bool AttentionBias { get; init; }
    public bool UseSlidingWindow { get; init; }
    [ConfigKey("sliding_window")] public int? Window { get; init; }
    public int? SlidingWindow => UseSlidingWindow ? Window : null;
    public required int MaxPositionEmbeddings { get; init; }
    public double RmsNormEps { get; init; } = 1e-6;
    public bool TieWordEmbeddings { get; init; }
    public required RopeParameters RopeParameters { get; init; }

    [ConfigKey("num_experts", "num_local_experts")] public required int NumExperts { get; init; }
    [ConfigKey("num_experts_per_tok")] public required int TopK { get; init; }
    public bool NormTopkProb { get; init; }
    public int DecoderSparseStep { get; init; } = 1;
    public IReadOnlyList<int> MlpOnlyLayers { get; init; } = [];

    /// <summary>Every n-th layer has experts, but for those that are listed as dense.</summary>
    public bool IsSparse(int layerIndex) =>
        NumExperts > 0 && (layerIndex + 1) % DecoderSparseStep == 0 && !MlpOnlyLayers.Contains(layerIndex);
}
