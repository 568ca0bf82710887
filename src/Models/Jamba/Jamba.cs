using static TorchSharp.torch;

namespace Moesaic.Models.Jamba;

/// <summary>Jamba: Mamba layers with an attention layer among every few, and experts in every other layer.</summary>
/// <remarks>Paper: https://arxiv.org/abs/2403.19887. Checkpoints: ai21labs/Jamba-v0.1, ai21labs/AI21-Jamba-Mini-1.5.</remarks>
[MoeModel("jamba", Architectures = ["JambaForCausalLM"])]
public sealed partial class JambaForCausalLm(JambaConfig config) : CausalLm<JambaConfig, JambaDecoderLayer>(config, normName: "final_layernorm");

/// <summary>Attention or Mamba, then a dense MLP or experts, each on a normed residual stream.</summary>
[Module]
public sealed partial class JambaDecoderLayer(JambaConfig config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public JambaAttention? SelfAttn { get; } = config.IsAttention(layerIndex) ? new(config, layerIndex) : null;
    public MambaMixer? Mamba { get; } = config.IsAttention(layerIndex) ? null : new(config, layerIndex, innerNormEps: config.RmsNormEps);
    public RmsNorm PreFfLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public ExplicitModule FeedForward { get; } =
        config.IsMoe(layerIndex) ? new JambaSparseMoeBlock(config) : new GatedMlp(config.HiddenSize, config.MoeIntermediateSize);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var mixer = (SequenceModule?)SelfAttn ?? Mamba!;
        x = x + mixer.forward(InputLayernorm.forward(x), context);
        return (x + FeedForward.forward(PreFfLayernorm.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>Attention that is not told positions: the Mamba layers know the order.</summary>
[Module]
public sealed partial class JambaAttention(JambaConfig config, int layerIndex) : GroupedQueryAttention(config, layerIndex)
{
    protected override (Tensor Query, Tensor Key) Position(Tensor query, Tensor key, AttentionContext context) => (query, key);
}

/// <summary>Softmax over all experts, keep the top k as they are.</summary>
[MoeBlock<SoftmaxTopKRouter, SwiGlu>]
[RouterWeights(Name = "router")]
public sealed partial class JambaSparseMoeBlock(JambaConfig config) : MoeBlock(config);

/// <summary>What Jamba reads from config.json, under the field's standard names.</summary>
[ModelConfig]
[ConfigSupports("hidden_act", "silu")]
[ConfigSupports("mamba_inner_layernorms", true)]
public sealed partial record JambaConfig : IDecoderConfig, IAttentionConfig, IMambaConfig, IMoeConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required int NumAttentionHeads { get; init; }
    public required int NumKeyValueHeads { get; init; }
    public int? HeadDim => null;
    public int? SlidingWindow { get; init; }
    public int MaxPositionEmbeddings { get; init; } = 262144;
    public double RmsNormEps { get; init; } = 1e-6;
    public bool TieWordEmbeddings { get; init; }
    public RopeParameters RopeParameters { get; } = new(); // Never applied.

    public int AttnLayerPeriod { get; init; } = 8;
    public int AttnLayerOffset { get; init; } = 4;
    public int MambaExpand { get; init; } = 2;
    public int MambaDState { get; init; } = 16;
    public int MambaDConv { get; init; } = 4;
    public int? MambaDtRank { get; init; }
    public bool MambaConvBias { get; init; } = true;
    public bool MambaProjBias { get; init; }

    public int ExpertLayerPeriod { get; init; } = 2;
    public int ExpertLayerOffset { get; init; } = 1;
    [ConfigKey("num_experts", "num_local_experts")] public int NumExperts { get; init; } = 16;
    [ConfigKey("num_experts_per_tok")] public int TopK { get; init; } = 2;
    [ConfigKey("intermediate_size")] public required int MoeIntermediateSize { get; init; }
    public bool NormTopkProb => false;

    internal bool IsAttention(int layerIndex) => layerIndex % AttnLayerPeriod == AttnLayerOffset;

    internal bool IsMoe(int layerIndex) => NumExperts > 1 && layerIndex % ExpertLayerPeriod == ExpertLayerOffset;
}
