using static TorchSharp.torch;

namespace Moesaic.Runtime.Tests.Modules;

internal sealed class TinyLayer(TinyConfig config, int layerIndex) : DecoderLayer, IDecoderLayer<TinyConfig, TinyLayer>
{
    public RmsNorm InputLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);

    public GroupedQueryAttention SelfAttn { get; } = new(config, layerIndex);

    public RmsNorm PostAttentionLayernorm { get; } = new(config.HiddenSize, config.RmsNormEps);

    public GatedMlp Mlp { get; } = new(config.HiddenSize, 2 * config.HiddenSize);

    public static TinyLayer Create(TinyConfig config, int layerIndex) => new(config, layerIndex);

    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        x = x + SelfAttn.forward(InputLayernorm.forward(x), context);
        return (x + Mlp.forward(PostAttentionLayernorm.forward(x))).MoveToOuterDisposeScope();
    }

    protected override void RegisterChildren()
    {
        Register("input_layernorm", InputLayernorm);
        Register("self_attn", SelfAttn);
        Register("post_attention_layernorm", PostAttentionLayernorm);
        Register("mlp", Mlp);
    }
}
