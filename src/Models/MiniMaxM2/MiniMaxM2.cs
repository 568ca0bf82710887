using static TorchSharp.torch;

namespace Moesaic.Models.MiniMaxM2;

/// <summary>MiniMax-M2: full-width query and key norms, half a head turns; 256 sigmoid-routed experts, 8 a token, none shared.</summary>
/// <remarks>Checkpoint: MiniMaxAI/MiniMax-M2.</remarks>
[MoeModel("minimax_m2", Architectures = ["MiniMaxM2ForCausalLM"])]
public sealed partial class MiniMaxM2ForCausalLm(MiniMaxM2Config config) : CausalLm<MiniMaxM2Config, MiniMaxM2DecoderLayer>(config);

/// <summary>Attention, then experts, each on a normed residual stream.</summary>
[Module]
public sealed partial class MiniMaxM2DecoderLayer(MiniMaxM2Config config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public MiniMaxM2Attention SelfAttn { get; } = new(config, layerIndex);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public MiniMaxM2SparseMoeBlock BlockSparseMoe { get; } = new(config);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = x + SelfAttn.forward(InputLayernorm.forward(x), context);
        return (x + BlockSparseMoe.forward(PostAttentionLayernorm.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>Queries and keys are normed over all heads together before they turn.</summary>
[Module]
public sealed partial class MiniMaxM2Attention(MiniMaxM2Config config, int layerIndex) : GroupedQueryAttention(config, layerIndex)
{
    public RmsNorm QNorm { get; } = new(config.NumAttentionHeads * config.HeadWidth, config.RmsNormEps);
    public RmsNorm KNorm { get; } = new(config.NumKeyValueHeads * config.HeadWidth, config.RmsNormEps);

    protected override bool AttendsAsDeclared => true;

    protected override (Tensor Query, Tensor Key, Tensor Value) Project(Tensor x) => (
        Heads(QNorm.forward(QProj.forward(x)), HeadDim),
        Heads(KNorm.forward(KProj.forward(x)), HeadDim),
        Heads(VProj.forward(x), HeadDim));
}

/// <summary>Sigmoid scores in float32; the checkpoint keeps the bias that moves the choice on the block.</summary>
[MoeBlock<SigmoidTopKRouter, SwiGlu>]
[RouterWeights(SelectionBias = "e_score_correction_bias", Float32 = true)]
[ExpertWeights(Gate = "w1", Up = "w3", Down = "w2")]
public sealed partial class MiniMaxM2SparseMoeBlock(MiniMaxM2Config config) : MoeBlock(config);
