using static TorchSharp.torch;

namespace Moesaic.Models.GraniteMoeHybrid;

/// <summary>Granite 4.0 H: Mamba-2 layers with some attention between them, experts and a shared MLP in each.</summary>
/// <remarks>Checkpoints: ibm-granite/granite-4.0-h-small, ibm-granite/granite-4.0-h-tiny.</remarks>
[MoeModel("granitemoehybrid", Architectures = ["GraniteMoeHybridForCausalLM"])]
public sealed partial class GraniteMoeHybridForCausalLm(GraniteMoeHybridConfig config)
    : CausalLm<GraniteMoeHybridConfig, GraniteMoeHybridDecoderLayer>(config, embeddingMultiplier: config.EmbeddingMultiplier)
{
    private readonly double _logitsScaling = config.LogitsScaling;

    protected override Tensor Logits(Tensor hidden)
    {
        using var logits = base.Logits(hidden);
        return logits / _logitsScaling;
    }
}

/// <summary>Attention or Mamba-2, then experts beside an MLP that every token passes; what each adds is scaled.</summary>
[Module]
public sealed partial class GraniteMoeHybridDecoderLayer(GraniteMoeHybridConfig config, int layerIndex) : DecoderLayer
{
    private readonly double _scale = config.ResidualMultiplier;

    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public GraniteMoeHybridAttention? SelfAttn { get; } = config.IsAttention(layerIndex) ? new(config, layerIndex) : null;
    public Mamba2Mixer? Mamba { get; } = config.IsAttention(layerIndex) ? null : new(config, layerIndex);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public GraniteMoeHybridMoe? BlockSparseMoe { get; } = config.NumExperts > 0 ? new(config) : null;
    public PackedGatedMlp SharedMlp { get; } = new(config.HiddenSize, config.SharedIntermediateSize, "input_linear", "output_linear");

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var mixer = (SequenceModule?)SelfAttn ?? Mamba!;
        x = x + (mixer.forward(InputLayernorm.forward(x), context) * _scale);
        var normed = PostAttentionLayernorm.forward(x);
        var added = SharedMlp.forward(normed);
        if (BlockSparseMoe is { } experts)
        {
            added += experts.forward(normed);
        }

        return (x + (added * _scale)).MoveToOuterDisposeScope();
    }
}

/// <summary>Scores are multiplied by a number of the config; positions are told only where the config says so.</summary>
[Module]
public sealed partial class GraniteMoeHybridAttention(GraniteMoeHybridConfig config, int layerIndex)
    : GroupedQueryAttention(config, layerIndex, config.AttentionBias, config.AttentionBias)
{
    private readonly bool _rotates = config.PositionEmbeddingType == "rope";

    protected override double Scale { get; } = config.AttentionMultiplier;

    protected override (Tensor Query, Tensor Key) Position(Tensor query, Tensor key, AttentionContext context) =>
        _rotates ? base.Position(query, key, context) : (query, key);
}

/// <summary>The top k logits, then softmax over them; gate and up of all experts stacked in one tensor.</summary>
[MoeBlock<TopKSoftmaxRouter, SwiGlu>]
[RouterWeights(Name = "router.layer")]
[ExpertWeights(Experts = "", GateUp = "input_linear", Down = "output_linear", Layout = ExpertLayout.Stacked)]
public sealed partial class GraniteMoeHybridMoe(GraniteMoeHybridConfig config) : MoeBlock(config);

/// <summary>What Granite 4.0 H reads from config.json, under the field's standard names.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
[ConfigSupports("normalization_function", "rmsnorm")]
[ConfigSupports("position_embedding_type", "rope", "nope")]
public sealed partial record GraniteMoeHybridConfig : IDecoderConfig, IAttentionConfig, IMamba2Config, IMoeConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required LayerTypes LayerTypes { get; init; }
    public required int NumAttentionHeads { get; init; }
    public required int NumKeyValueHeads { get; init; }
    public int? HeadDim { get; init; }
    public int? SlidingWindow => null;
    public bool AttentionBias { get; init; }
    public string? PositionEmbeddingType { get; init; }
    public required RopeParameters RopeParameters { get; init; }
    public int MaxPositionEmbeddings { get; init; } = 2048;
    public double RmsNormEps { get; init; } = 1e-6;
    public bool TieWordEmbeddings { get; init; }

    public double EmbeddingMultiplier { get; init; } = 1;
    public double LogitsScaling { get; init; } = 1;
    public double ResidualMultiplier { get; init; } = 1;
    public double AttentionMultiplier { get; init; } = 1;

    public required int MambaNHeads { get; init; }
    public int MambaDHead => MambaExpand * HiddenSize / MambaNHeads;
    public int MambaExpand { get; init; } = 2;
    public int MambaNGroups { get; init; } = 1;
    public int MambaDState { get; init; } = 256;
    public int MambaDConv { get; init; } = 4;
    public int MambaChunkSize { get; init; } = 256;
    public bool MambaConvBias { get; init; } = true;
    public bool MambaProjBias { get; init; }
    public IReadOnlyList<double> TimeStepLimit { get; init; } = [0, double.PositiveInfinity];

    [ConfigKey("num_local_experts", "num_experts")] public int NumExperts { get; init; } = 8;
    [ConfigKey("num_experts_per_tok")] public int TopK { get; init; } = 2;
    [ConfigKey("intermediate_size")] public required int MoeIntermediateSize { get; init; }
    public int SharedIntermediateSize { get; init; } = 1024;

    internal bool IsAttention(int layerIndex) =>
        LayerTypes.At(layerIndex, "linear_attention", "linear_attention", "full_attention") == "full_attention";
}
