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

    protected override (Tensor Query, Tensor Key) Position(Tensor query, Tensor key, AttentionContext context) =>
        base.Position(QNorm.forward(query), KNorm.forward(key), context);
}

/// <summary>Softmax over all experts, keep the top k; a shared expert counts as much as its gate says.</summary>
[MoeBlock<SoftmaxTopKRouter, SwiGlu>]
[SharedExperts(Name = "shared_expert", Gated = true)]
public sealed partial class Qwen3NextSparseMoeBlock(Qwen3NextConfig config) : MoeBlock(config);

/// <summary>What Qwen3-Next reads from config.json, under the field's standard names.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
public sealed partial record Qwen3NextConfig : IDecoderConfig, IAttentionConfig, IGatedDeltaNetConfig, IMoeConfig, ISharedExpertsConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int IntermediateSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required LayerTypes LayerTypes { get; init; }
    public int FullAttentionInterval { get; init; } = 4;
    public required int NumAttentionHeads { get; init; }
    public required int NumKeyValueHeads { get; init; }
    public int? HeadDim { get; init; } = 256;
    public int? SlidingWindow => null;
    public bool AttentionBias { get; init; }
    public required RopeParameters RopeParameters { get; init; }
    public int MaxPositionEmbeddings { get; init; } = 32768;
    public double RmsNormEps { get; init; } = 1e-6;
    public bool TieWordEmbeddings { get; init; }

    public int LinearNumKeyHeads { get; init; } = 16;
    public int LinearNumValueHeads { get; init; } = 32;
    public int LinearKeyHeadDim { get; init; } = 128;
    public int LinearValueHeadDim { get; init; } = 128;
    public int LinearConvKernelDim { get; init; } = 4;

    public int DecoderSparseStep { get; init; } = 1;
    public IReadOnlyList<int> MlpOnlyLayers { get; init; } = [];
    [ConfigKey("num_experts", "num_local_experts")] public required int NumExperts { get; init; }
    [ConfigKey("num_experts_per_tok")] public required int TopK { get; init; }
    public required int MoeIntermediateSize { get; init; }
    [ConfigKey("shared_expert_intermediate_size")] public required int SharedExpertsIntermediateSize { get; init; }
    public bool NormTopkProb { get; init; } = true;

    internal bool IsAttention(int layerIndex) =>
        LayerTypes.At(layerIndex, ByInterval(layerIndex), "linear_attention", "full_attention") == "full_attention";

    internal bool IsMoe(int layerIndex) =>
        NumExperts > 0 && (layerIndex + 1) % DecoderSparseStep == 0 && !MlpOnlyLayers.Contains(layerIndex);

    private string ByInterval(int layerIndex) => (layerIndex + 1) % FullAttentionInterval == 0 ? "full_attention" : "linear_attention";
}
