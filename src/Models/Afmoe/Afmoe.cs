using static TorchSharp.torch;

namespace Moesaic.Models.Afmoe;

/// <summary>Trinity: gated attention, three sliding layers for one that sees all and knows no positions; norms before and after each part.</summary>
/// <remarks>Paper: https://arxiv.org/abs/2602.17004. Checkpoint: arcee-ai/Trinity-Mini.</remarks>
[MoeModel("afmoe", Architectures = ["AfmoeForCausalLM"])]
public sealed partial class AfmoeForCausalLm(AfmoeConfig config)
    : CausalLm<AfmoeConfig, AfmoeDecoderLayer>(config, embeddingMultiplier: config.MupEnabled ? Math.Sqrt(config.HiddenSize) : 1);

/// <summary>Attention, then a dense MLP in the first layers and experts in the others; what each gives is normed too.</summary>
[Module]
public sealed partial class AfmoeDecoderLayer(AfmoeConfig config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public AfmoeAttention SelfAttn { get; } = new(config, layerIndex);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public RmsNorm PreMlpLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public ExplicitModule Mlp { get; } = layerIndex < config.NumDenseLayers
        ? new GatedMlp(config.HiddenSize, config.IntermediateSize)
        : new AfmoeMoe(config);
    public RmsNorm PostMlpLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = x + PostAttentionLayernorm.forward(SelfAttn.forward(InputLayernorm.forward(x), context));
        return (x + PostMlpLayernorm.forward(Mlp.forward(PreMlpLayernorm.forward(x)))).MoveToOuterDisposeScope();
    }
}

/// <summary>Queries and keys are normed per head and turn in sliding layers only; a gate says how much of the result counts.</summary>
[Module]
public sealed partial class AfmoeAttention(AfmoeConfig config, int layerIndex)
    : GroupedQueryAttention(config, layerIndex, config.AttentionBias, config.AttentionBias)
{
    private readonly bool _turns = config.IsSliding(layerIndex);

    public RmsNorm QNorm { get; } = new(config.HeadWidth, config.RmsNormEps);
    public RmsNorm KNorm { get; } = new(config.HeadWidth, config.RmsNormEps);
    public Linear GateProj { get; } = new(config.HiddenSize, config.NumAttentionHeads * config.HeadWidth);

    protected override (Tensor Query, Tensor Key) Position(Tensor query, Tensor key, AttentionContext context)
    {
        (query, key) = (QNorm.forward(query), KNorm.forward(key));
        return _turns ? base.Position(query, key, context) : (query, key);
    }

    protected override Tensor Output(Tensor attended, Tensor x) => base.Output(attended * GateProj.forward(x).sigmoid(), x);
}

/// <summary>Sigmoid scores; the checkpoint keeps the bias that moves the choice on the block.</summary>
[MoeBlock<SigmoidTopKRouter, SwiGlu>]
[RouterWeights(Name = "router.gate", SelectionBias = "expert_bias")]
[SharedExperts]
public sealed partial class AfmoeMoe(AfmoeConfig config) : MoeBlock(config);
