using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Linear attention whose heads forget at fixed rates, gated at the output. https://arxiv.org/abs/2405.17381.</summary>
/// <remarks>
/// The rates and what follows from them are tensors of the checkpoint, and as rounded as it is: the reference computes a text's
/// first pass block by block with the tables, and each later token with the rates. So does this, to agree with it in both.
/// </remarks>
public sealed class LightningAttention : SequenceModule
{
    private const double NormEps = 1e-6; // The reference has no key for it.

    private readonly int _layerIndex;
    private readonly int _heads;
    private readonly int _blockSize;

    /// <summary>The attention of one layer, without values.</summary>
    /// <param name="config">Its numbers.</param>
    /// <param name="layerIndex">Which layer, for the cache.</param>
    public LightningAttention(ILightningAttentionConfig config, int layerIndex)
    {
        (_layerIndex, _heads, _blockSize) = (layerIndex, config.NumAttentionHeads, config.BlockSize);
        var width = _heads * (config.HeadDim ?? config.HiddenSize / _heads);
        QkvProj = new(config.HiddenSize, 3 * width);
        OutputGate = new(config.HiddenSize, width);
        Norm = new(width, NormEps);
        OutProj = new(width, config.HiddenSize);
        SlopeRate = NewParameter(_heads, 1, 1);
        QueryDecay = NewParameter(_heads, _blockSize, 1);
        KeyDecay = NewParameter(_heads, _blockSize, 1);
        DiagonalDecay = NewParameter(1, _heads, _blockSize, _blockSize);
        Register("qkv_proj", QkvProj);
        Register("output_gate", OutputGate);
        Register("norm", Norm);
        Register("out_proj", OutProj);
        Register("slope_rate", SlopeRate, value => SlopeRate = value, dtype: float32);
        Register("query_decay", QueryDecay, value => QueryDecay = value);
        Register("key_decay", KeyDecay, value => KeyDecay = value);
        Register("diagonal_decay", DiagonalDecay, value => DiagonalDecay = value);
    }

    /// <summary>Query, key and value, head by head: [3Hd, D].</summary>
    public Linear QkvProj { get; }

    /// <summary>[Hd, D].</summary>
    public Linear OutputGate { get; }

    /// <summary>[Hd].</summary>
    public RmsNorm Norm { get; }

    /// <summary>[D, Hd].</summary>
    public Linear OutProj { get; }

    /// <summary>How fast each head forgets, s: [H, 1, 1] float32.</summary>
    public Parameter SlopeRate { get; private set; }

    /// <summary>What is left of the state before the block at its token i, exp(-s(i + 1)): [H, b, 1].</summary>
    public Parameter QueryDecay { get; private set; }

    /// <summary>What is left of token i at the end of its block, exp(-s(b - 1 - i)): [H, b, 1].</summary>
    public Parameter KeyDecay { get; private set; }

    /// <summary>What is left of token j at token i, exp(-s(i - j)), and zero above the diagonal: [1, H, b, b].</summary>
    public Parameter DiagonalDecay { get; private set; }

    internal override void Parallelize(ParallelContext context, string path) => context.NoteWhole(path);

    /// <inheritdoc/>
    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var parts = nn.functional.silu(QkvProj.forward(x)).to(float32).unflatten(2, [_heads, -1]).transpose(1, 2).chunk(3, -1);
        var (query, key, value) = (parts[0], parts[1], context.WithoutPadding(parts[2].transpose(1, 2)).transpose(1, 2)); // [B, H, T, d] each

        var state = context.Cache?.State<RecurrentState>(_layerIndex);
        var (output, last) = state?.Value is { } before
            ? DecayedLinearAttention.Run(query, key, value, -SlopeRate.squeeze(-1).expand(_heads, x.shape[1]), before)
            : FromTheBeginning(query, key, value, context.LeftPadding);
        state?.Keep(last);

        var normed = Norm.forward(output.transpose(1, 2).flatten(2).to(x.dtype)); // [B, T, Hd]
        return OutProj.forward(normed * OutputGate.forward(x).sigmoid()).MoveToOuterDisposeScope();
    }

    /// <summary>Blocks begin with a row's first token that is not padding.</summary>
    private (Tensor Output, Tensor State) FromTheBeginning(Tensor query, Tensor key, Tensor value, IReadOnlyList<int>? leftPadding)
    {
        if (leftPadding is null || leftPadding.Distinct().Count() == 1)
        {
            return ByBlocks(query, key, value, leftPadding?[0] ?? 0);
        }

        var rows = leftPadding
            .Select((padding, row) => ByBlocks(query.narrow(0, row, 1), key.narrow(0, row, 1), value.narrow(0, row, 1), padding))
            .ToArray();
        return (cat([.. rows.Select(row => row.Output)]), cat([.. rows.Select(row => row.State)]));
    }

    private (Tensor Output, Tensor State) ByBlocks(Tensor query, Tensor key, Tensor value, int padding)
    {
        var (queryDecay, keyDecay, diagonalDecay) = (QueryDecay.to(float32), KeyDecay.to(float32), DiagonalDecay.to(float32));
        var state = zeros([.. query.shape[..2], query.shape[3], value.shape[3]], dtype: float32, device: query.device);
        var start = Math.Min(padding, query.shape[2]);
        var outputs = new List<Tensor> { zeros_like(value.narrow(2, 0, start)) };
        for (; start < query.shape[2]; start += _blockSize)
        {
            var length = Math.Min(_blockSize, query.shape[2] - start);
            var (q, k, v) = (query.narrow(2, start, length), key.narrow(2, start, length), value.narrow(2, start, length));
            var scores = q.matmul(k.transpose(2, 3)) * diagonalDecay.narrow(2, 0, length).narrow(3, 0, length); // [B, H, t, t]
            outputs.Add(scores.matmul(v) + (q * queryDecay.narrow(1, 0, length)).matmul(state));
            var added = (k * keyDecay.narrow(1, _blockSize - length, length)).transpose(2, 3).matmul(v); // [B, H, d, d]
            state = (state * (-SlopeRate * length).exp()) + added;
        }

        return (cat(outputs, 2), state);
    }
}
