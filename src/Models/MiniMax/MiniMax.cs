using static TorchSharp.torch;

namespace Moesaic.Models.MiniMax;

/// <summary>MiniMax-Text-01 and M1: lightning attention with softmax attention in every eighth layer, experts in each.</summary>
/// <remarks>Paper: https://arxiv.org/abs/2501.08313. Checkpoint: MiniMaxAI/MiniMax-Text-01-hf.</remarks>
[MoeModel("minimax", Architectures = ["MiniMaxForCausalLM"])]
public sealed partial class MiniMaxForCausalLm(MiniMaxConfig config) : CausalLm<MiniMaxConfig, MiniMaxDecoderLayer>(config);

/// <summary>Attention, then experts. What is added is added to the normed stream, both sides scaled.</summary>
[Module]
public sealed partial class MiniMaxDecoderLayer(MiniMaxConfig config, int layerIndex) : DecoderLayer
{
    private readonly (double Kept, double Added) _attention = config.IsAttention(layerIndex)
        ? (config.FullAttnAlphaFactor, config.FullAttnBetaFactor) : (config.LinearAttnAlphaFactor, config.LinearAttnBetaFactor);
    private readonly (double Kept, double Added) _experts = (config.MlpAlphaFactor, config.MlpBetaFactor);

    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public SequenceModule SelfAttn { get; } = config.IsAttention(layerIndex)
        ? new GroupedQueryAttention(config, layerIndex)
        : new LightningAttention(config, layerIndex);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public MiniMaxSparseMoeBlock BlockSparseMoe { get; } = new(config);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = InputLayernorm.forward(x);
        x = (x * _attention.Kept) + (SelfAttn.forward(x, context) * _attention.Added);
        x = PostAttentionLayernorm.forward(x);
        return ((x * _experts.Kept) + (BlockSparseMoe.forward(x) * _experts.Added)).MoveToOuterDisposeScope();
    }
}

/// <summary>Softmax over all experts, keep the top k, renormalize.</summary>
[MoeBlock<SoftmaxTopKRouter, SwiGlu>]
[ExpertWeights(Gate = "w1", Up = "w3", Down = "w2")]
public sealed partial class MiniMaxSparseMoeBlock(MiniMaxConfig config) : MoeBlock(config);
