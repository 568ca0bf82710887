using Moesaic;
using static TorchSharp.torch;

namespace MyArch;

/// <summary>What config.json's model_type and architectures mean.</summary>
[MoeModel("my_arch", Architectures = ["MyArchForCausalLM"])]
public sealed partial class MyArchForCausalLm(MyArchConfig config) : CausalLm<MyArchConfig, MyArchDecoderLayer>(config);

/// <summary>Attention, then experts, each on a normed residual stream. A child's name in snake_case is the checkpoint's.</summary>
[Module]
public sealed partial class MyArchDecoderLayer(MyArchConfig config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public GroupedQueryAttention SelfAttn { get; } = new(config, layerIndex);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public MyArchMoe Mlp { get; } = new(config);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = x + SelfAttn.forward(InputLayernorm.forward(x), context);
        return (x + Mlp.forward(PostAttentionLayernorm.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>How tokens choose experts, what an expert computes, and how checkpoints keep them.</summary>
[MoeBlock<SoftmaxTopKRouter, SwiGlu>]
[ExpertWeights(Gate = "gate_proj", Up = "up_proj", Down = "down_proj")]
public sealed partial class MyArchMoe(MyArchConfig config) : MoeBlock(config);

/// <summary>The numbers, from config.json: a property's name in snake_case is its key.</summary>
[ModelConfig]
public sealed partial record MyArchConfig : IDecoderConfig, IAttentionConfig, IMoeConfig
{
    public required int VocabSize { get; init; }
    public required int HiddenSize { get; init; }
    public required int NumHiddenLayers { get; init; }
    public required int NumAttentionHeads { get; init; }
    public required int NumKeyValueHeads { get; init; }
    public int? HeadDim { get; init; }
    public int? SlidingWindow { get; init; }
    public int MaxPositionEmbeddings { get; init; } = 4096;
    public double RmsNormEps { get; init; } = 1e-6;
    public bool TieWordEmbeddings { get; init; }
    public required RopeParameters RopeParameters { get; init; }

    public required int NumExperts { get; init; }
    [ConfigKey("num_experts_per_tok")] public required int TopK { get; init; }
    public required int MoeIntermediateSize { get; init; }
    public bool NormTopkProb { get; init; } = true;
}
