using Moesaic.Configs;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Moesaic.Models.MimoV2Flash;

/// <summary>Attention with scaled values; sliding layers have a sink for each head.</summary>
[Module]
public sealed partial class MimoV2FlashAttention(MimoV2FlashConfig config, int layerIndex)
    : GroupedQueryAttention(new MimoV2FlashShape(config, layerIndex), layerIndex, config.AttentionBias)
{
    public Parameter? AttentionSinkBias { get; private set; } =
        config.IsSliding(layerIndex) ? NewParameter(new MimoV2FlashShape(config, layerIndex).NumAttentionHeads) : null;

    protected override bool HeadsAreIndependent => true;

    protected override Parameter? Sinks => AttentionSinkBias;

    protected override (Tensor Query, Tensor Key, Tensor Value) Project(Tensor x)
    {
        var (query, key, value) = base.Project(x);
        return (query, key, value * config.AttentionValueScale);
    }
}

/// <summary>The heads of one layer: sliding layers have twice the key heads, and a rotary base of their own.</summary>
public sealed class MimoV2FlashShape(MimoV2FlashConfig config, int layerIndex) : IAttentionConfig
{
    private readonly bool _slides = config.IsSliding(layerIndex);

    public int HiddenSize => config.HiddenSize;
    public int NumAttentionHeads => (_slides ? config.SwaNumAttentionHeads : null) ?? config.NumAttentionHeads;
    public int NumKeyValueHeads => _slides ? config.SwaNumKeyValueHeads ?? 2 * config.NumKeyValueHeads : config.NumKeyValueHeads;
    public int? HeadDim => (_slides ? config.SwaHeadDim : null) ?? config.HeadDim;
    public int? ValueHeadDim => (_slides ? config.SwaVHeadDim : null) ?? config.VHeadDim;
    public int? SlidingWindow => _slides ? config.SlidingWindow : null;
    public RopeParameters RopeParameters => _slides ? config.Rope.Sliding : config.Rope.Full;
}

/// <summary>How positions turn queries and keys: a set for each kind of layer, or one and <c>swa_rope_theta</c>.</summary>
public sealed record MimoV2FlashRope(RopeParameters Full, RopeParameters Sliding) : IConfigValue<MimoV2FlashRope>
{
    public static MimoV2FlashRope Read(ConfigReader reader)
    {
        var kinds = reader.Section("rope_parameters");
        var full = kinds?.Section("full_attention") is { } own ? RopeParameters.Read(reader, own) : RopeParameters.Read(reader);
        return new(full, kinds?.Section("sliding_attention") is { } sliding
            ? RopeParameters.Read(reader, sliding)
            : full with { Theta = reader.OptionalDouble("swa_rope_theta") ?? 10000 });
    }
}
