using Moesaic;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CustomArchitecture;

/// <summary>An architecture that nobody has seen: a router, an activation and an attention of its own.</summary>
[MoeModel("finch", Architectures = ["FinchForCausalLM"])]
public sealed partial class FinchForCausalLm(FinchConfig config) : CausalLm<FinchConfig, FinchDecoderLayer>(config);

/// <summary>Attention and experts beside each other, on one normed residual stream.</summary>
[Module]
public sealed partial class FinchDecoderLayer(FinchConfig config, int layerIndex) : DecoderLayer
{
    public RmsNorm Norm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public FinchAttention SelfAttn { get; } = new(config, layerIndex);
    public FinchMoe Moe { get; } = new(config);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var normed = Norm.forward(x);
        return (x + SelfAttn.forward(normed, context) + Moe.forward(normed)).MoveToOuterDisposeScope();
    }
}

/// <summary>Each head learns how sharply it looks: its queries are multiplied by a number of its own.</summary>
[Module]
public sealed partial class FinchAttention(FinchConfig config, int layerIndex) : GroupedQueryAttention(config, layerIndex)
{
    /// <summary>[H].</summary>
    public Parameter HeadSharpness { get; private set; } = NewParameter(config.NumAttentionHeads);

    protected override (Tensor Query, Tensor Key) Position(Tensor query, Tensor key, AttentionContext context)
    {
        var (turned, other) = base.Position(query, key, context); // [B, H, T, d], [B, G, T, d]
        return (turned * HeadSharpness.view(1, -1, 1, 1), other);
    }
}

/// <summary>Gate and up in one tensor for all experts, and one expert that every token passes.</summary>
[MoeBlock<TemperedSoftmaxRouter, SquaredReluGlu>]
[RouterWeights(Name = "router")]
[ExpertWeights(Layout = ExpertLayout.Stacked, GateUp = "gate_up_proj", Suffix = "")]
[SharedExperts(Name = "shared_expert")]
public sealed partial class FinchMoe(FinchConfig config) : MoeBlock(config);

/// <summary>What Finch reads from config.json.</summary>
[ModelConfig]
public sealed partial record FinchConfig : IDecoderConfig, IAttentionConfig, IMoeConfig, ISharedExpertsConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required int NumAttentionHeads { get; init; }
    public required int NumKeyValueHeads { get; init; }
    public int? HeadDim { get; init; }
    public int? SlidingWindow { get; init; }
    public int MaxPositionEmbeddings { get; init; } = 2048;
    public double RmsNormEps { get; init; } = 1e-6;
    public bool TieWordEmbeddings { get; init; } = true;
    public required RopeParameters RopeParameters { get; init; }

    public required int NumExperts { get; init; }
    public required int TopK { get; init; }
    public required int MoeIntermediateSize { get; init; }
    public required int SharedExpertsIntermediateSize { get; init; }
    public double RouterTemperature { get; init; } = 1;
}
