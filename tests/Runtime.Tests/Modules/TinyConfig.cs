namespace Moesaic.Runtime.Tests.Modules;

internal sealed record TinyConfig : IDecoderConfig, IAttentionConfig
{
    public int VocabSize { get; init; } = 50;

    public int HiddenSize { get; init; } = 24;

    public int NumHiddenLayers { get; init; } = 2;

    public int NumAttentionHeads { get; init; } = 6;

    public int NumKeyValueHeads { get; init; } = 2;

    public int? HeadDim { get; init; }

    public int? SlidingWindow { get; init; }

    public double RmsNormEps { get; init; } = 1e-5;

    public int MaxPositionEmbeddings { get; init; } = 64;

    public bool TieWordEmbeddings { get; init; }

    public RopeParameters RopeParameters { get; init; } = new();
}
