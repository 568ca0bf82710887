using Moesaic;
using static TorchSharp.torch;

namespace Consumer;

[MoeModel("wren", Architectures = ["WrenForCausalLM"])]
public sealed partial class WrenForCausalLm(WrenConfig config) : CausalLm<WrenConfig, WrenLayer>(config);

[Module]
public sealed partial class WrenLayer(WrenConfig config, int layerIndex) : DecoderLayer
{
    public RmsNorm Norm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public GroupedQueryAttention SelfAttn { get; } = new(config, layerIndex);
    public WrenMoe Moe { get; } = new(config);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = x + SelfAttn.forward(Norm.forward(x), context);
        return (x + Moe.forward(x)).MoveToOuterDisposeScope();
    }
}

[MoeBlock<SoftmaxTopKRouter, SwiGlu>]
public sealed partial class WrenMoe(WrenConfig config) : MoeBlock(config);

[ModelConfig]
public sealed partial record WrenConfig : IDecoderConfig, IAttentionConfig, IMoeConfig
{
    public int VocabSize { get; init; } = 32;
    public int HiddenSize { get; init; } = 16;
    public int NumHiddenLayers { get; init; } = 1;
    public int NumAttentionHeads { get; init; } = 2;
    public int NumKeyValueHeads { get; init; } = 2;
    public int? HeadDim { get; init; }
    public int? SlidingWindow { get; init; }
    public int MaxPositionEmbeddings { get; init; } = 64;
    public double RmsNormEps { get; init; } = 1e-6;
    public bool TieWordEmbeddings { get; init; } = true;
    public RopeParameters RopeParameters { get; init; } = new();
    public int NumExperts { get; init; } = 4;
    public int TopK { get; init; } = 2;
    public int MoeIntermediateSize { get; init; } = 8;
    public bool NormTopkProb { get; init; } = true;
}
