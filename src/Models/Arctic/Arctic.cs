using static TorchSharp.torch;

namespace Moesaic.Models.Arctic;

/// <summary>Snowflake Arctic: 128 experts, two a token, on the layer's input, beside a dense decoder that they are added to.</summary>
/// <remarks>Checkpoint: Snowflake/snowflake-arctic-base.</remarks>
[MoeModel("arctic", Architectures = ["ArcticForCausalLM"])]
public sealed partial class ArcticForCausalLm(ArcticConfig config) : CausalLm<ArcticConfig, ArcticDecoderLayer>(config);

/// <summary>Attention and a dense MLP in a row, and experts that see what the layer was given; or, in dense layers, one MLP.</summary>
[Module]
public sealed partial class ArcticDecoderLayer(ArcticConfig config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public GroupedQueryAttention SelfAttn { get; } = new(config, layerIndex, config.AttentionBias, config.AttentionBias);
    public RmsNorm? ResidualLayernorm { get; } = config.IsParallel(layerIndex) ? new(config.HiddenSize, config.RmsNormEps) : null;
    public ArcticMlp? ResidualMlp { get; } = config.IsParallel(layerIndex) ? new(config.HiddenSize, config.HiddenSize) : null;
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public ExplicitModule BlockSparseMoe { get; } = config.IsSparse(layerIndex) ? new ArcticMoe(config) : new ArcticDenseMlp(config);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var attended = x + SelfAttn.forward(InputLayernorm.forward(x), context);
        var (dense, experts) = ResidualMlp is null
            ? (attended, attended)
            : (attended + ResidualMlp.forward(ResidualLayernorm!.forward(attended)), x);
        return (dense + BlockSparseMoe.forward(PostAttentionLayernorm.forward(experts))).MoveToOuterDisposeScope();
    }
}

/// <summary>w2(silu(w1(x)) · w3(x)).</summary>
[Module]
public sealed partial class ArcticMlp(int hiddenSize, int intermediateSize) : ExplicitModule
{
    public Linear W1 { get; } = new(hiddenSize, intermediateSize);
    public Linear W2 { get; } = new(intermediateSize, hiddenSize);
    public Linear W3 { get; } = new(hiddenSize, intermediateSize);

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return W2.forward(nn.functional.silu(W1.forward(x)) * W3.forward(x)).MoveToOuterDisposeScope();
    }
}

/// <summary>The dense layers' MLP, which the checkpoint keeps one level down.</summary>
[Module]
public sealed partial class ArcticDenseMlp(ArcticConfig config) : ExplicitModule
{
    public ArcticMlp Mlp { get; } = new(config.HiddenSize, config.MoeIntermediateSize);

    public override Tensor forward(Tensor x) => Mlp.forward(x);
}

/// <summary>Softmax over all experts, the two best, renormalized.</summary>
[MoeBlock<SoftmaxTopKRouter, SwiGlu>]
[ExpertWeights(Gate = "w1", Up = "w3", Down = "w2")]
public sealed partial class ArcticMoe(ArcticConfig config) : MoeBlock(config);
