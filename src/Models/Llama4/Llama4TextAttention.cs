using static TorchSharp.torch;

namespace Moesaic.Models.Llama4;

/// <summary>Layers with positions turn neighbouring pairs, norm each head and see a chunk; those without see all, and sharpen their queries far from the start.</summary>
/// <remarks>The sharpening: https://arxiv.org/abs/2501.19399.</remarks>
public sealed class Llama4TextAttention(Llama4TextConfig config, int layerIndex)
    : GroupedQueryAttention(config, layerIndex, bias: config.AttentionBias, outputBias: config.AttentionBias, interleaved: true)
{
    private readonly bool _turns = config.Turns(layerIndex);
    private readonly bool _norms = config.UseQkNorm;
    private readonly double _eps = config.RmsNormEps;
    private readonly Llama4Temperature _temperature = config.Temperature;
    private readonly int? _chunk = config.ChunkAt(layerIndex);

    protected override bool HeadsAreIndependent => true;

    protected override (Tensor Query, Tensor Key) Position(Tensor query, Tensor key, AttentionContext context)
    {
        if (!_turns)
        {
            return (_temperature.IsOn ? Sharpen(query, context) : query, key);
        }

        (query, key) = base.Position(query, key, context);
        return _norms ? (RmsNorm.Unweighted(query, _eps), RmsNorm.Unweighted(key, _eps)) : (query, key);
    }

    protected override Tensor? Mask(AttentionContext context) => context.Mask(chunk: _chunk);

    /// <summary>Queries [B, H, T, d], larger the farther they stand from the start.</summary>
    private Tensor Sharpen(Tensor query, AttentionContext context)
    {
        var steps = ((context.Positions.to(float32) + 1) / _temperature.FloorScale).floor(); // [B or 1, T]
        var factor = (steps.log1p() * _temperature.AttnScale) + 1;
        return (query * factor.unsqueeze(1).unsqueeze(-1)).to(query.dtype); // [B, H, T, d]
    }
}
