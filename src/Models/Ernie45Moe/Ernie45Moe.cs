using static TorchSharp.torch;

namespace Moesaic.Models.Ernie45Moe;

/// <summary>ERNIE 4.5: interleaved rotary pairs; 64 routed experts, 6 or 8 a token, and two shared or none.</summary>
/// <remarks>Report: https://yiyan.baidu.com/blog/publication/ERNIE_Technical_Report.pdf. Checkpoint: baidu/ERNIE-4.5-21B-A3B-PT, whose layer that predicts one more token is not used.</remarks>
[MoeModel("ernie4_5_moe", Architectures = ["Ernie4_5_MoeForCausalLM"], Ignored = ["model.mtp_*"])]
public sealed partial class Ernie45MoeForCausalLm(Ernie45MoeConfig config) : CausalLm<Ernie45MoeConfig, Ernie45MoeDecoderLayer>(config);

/// <summary>Attention, then a dense MLP or experts.</summary>
[Module]
public sealed partial class Ernie45MoeDecoderLayer(Ernie45MoeConfig config, int layerIndex) : DecoderLayer
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public GroupedQueryAttention SelfAttn { get; } = new(config, layerIndex, interleaved: true);
    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);
    public ExplicitModule Mlp { get; } = !config.IsSparse(layerIndex) ? new GatedMlp(config.HiddenSize, config.IntermediateSize)
        : new Ernie45MoeBlock(config);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = x + SelfAttn.forward(InputLayernorm.forward(x), context);
        return (x + Mlp.forward(PostAttentionLayernorm.forward(x))).MoveToOuterDisposeScope();
    }
}

/// <summary>Softmax over all experts in float32, the choice moved by a bias that the checkpoint keeps as a row; some models have shared experts.</summary>
[MoeBlock<Ernie45MoeRouter, SwiGlu>]
[RouterWeights(SelectionBias = "moe_statics.e_score_correction_bias", SelectionBiasIsRow = true, Float32 = true)]
[SharedExperts(Optional = true)]
public sealed partial class Ernie45MoeBlock(Ernie45MoeConfig config) : MoeBlock(config);
