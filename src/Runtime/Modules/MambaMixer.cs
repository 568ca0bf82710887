using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>A selective state space: a recurrence per channel whose step, input and output depend on the token. https://arxiv.org/abs/2312.00752.</summary>
public sealed class MambaMixer : SequenceModule
{
    private readonly int _layerIndex;

    /// <summary>A layer without values.</summary>
    /// <param name="config">Its numbers.</param>
    /// <param name="layerIndex">Which layer, for the cache.</param>
    /// <param name="innerNormEps">Step, input and output vectors are normed, as Jamba does; null for not.</param>
    public MambaMixer(IMambaConfig config, int layerIndex, double? innerNormEps = null)
    {
        _layerIndex = layerIndex;
        var channels = config.MambaExpand * config.HiddenSize;
        var rank = config.MambaDtRank ?? (config.HiddenSize + 15) / 16;
        StateSize = config.MambaDState;
        InProj = new(config.HiddenSize, 2 * channels, config.MambaProjBias);
        Conv1d = new(channels, config.MambaDConv, layerIndex, config.MambaConvBias);
        XProj = new(channels, rank + (2 * StateSize));
        DtProj = new(rank, channels, bias: true);
        DtLayernorm = innerNormEps is { } a ? new(rank, a) : null;
        BLayernorm = innerNormEps is { } b ? new(StateSize, b) : null;
        CLayernorm = innerNormEps is { } c ? new(StateSize, c) : null;
        ALog = NewParameter(channels, StateSize);
        D = NewParameter(channels);
        OutProj = new(channels, config.HiddenSize, config.MambaProjBias);
        Register("in_proj", InProj);
        Register("conv1d", Conv1d);
        Register("x_proj", XProj);
        Register("dt_proj", DtProj);
        Register("dt_layernorm", DtLayernorm);
        Register("b_layernorm", BLayernorm);
        Register("c_layernorm", CLayernorm);
        Register("A_log", ALog, value => ALog = value, dtype: float32);
        Register("D", D, value => D = value, dtype: float32);
        Register("out_proj", OutProj);
    }

    /// <summary>Input and gate: [2I, D].</summary>
    public Linear InProj { get; }

    /// <summary>[I, 1, L].</summary>
    public CausalConvolution Conv1d { get; }

    /// <summary>Time step, input and output vectors: [R + 2N, I].</summary>
    public Linear XProj { get; }

    /// <summary>[I, R], and a bias.</summary>
    public Linear DtProj { get; }

    /// <summary>[R], or null.</summary>
    public RmsNorm? DtLayernorm { get; }

    /// <summary>[N], or null.</summary>
    public RmsNorm? BLayernorm { get; }

    /// <summary>[N], or null.</summary>
    public RmsNorm? CLayernorm { get; }

    /// <summary>log(-A), [I, N] float32.</summary>
    public Parameter ALog { get; private set; }

    /// <summary>How much of the input passes by, [I] float32.</summary>
    public Parameter D { get; private set; }

    /// <summary>[D, I].</summary>
    public Linear OutProj { get; }

    private int StateSize { get; }

    internal override void Parallelize(ParallelContext context, string path) => context.NoteWhole(path);

    /// <inheritdoc/>
    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var halves = InProj.forward(x).chunk(2, -1);
        var (input, gate) = (halves[0], halves[1]); // [B, T, I] each
        input = context.WithoutPadding(nn.functional.silu(Conv1d.forward(input, context)));

        var parts = XProj.forward(input).split([DtProj.Weight.shape[1], StateSize, StateSize], -1);
        var step = nn.functional.softplus(DtProj.forward(Normed(DtLayernorm, parts[0]))); // [B, T, I]
        var write = Normed(BLayernorm, parts[1]); // [B, T, N]
        var read = Normed(CLayernorm, parts[2]);

        var state = context.Cache?.State<RecurrentState>(_layerIndex);
        var wide = input.to(float32);
        var (output, last) = SelectiveScan.Run(wide, step.to(float32), -ALog.exp(), write.to(float32), read.to(float32), state?.Value);
        state?.Keep(last);
        output = (output + (wide * D)).to(x.dtype);
        return OutProj.forward(output * nn.functional.silu(gate)).MoveToOuterDisposeScope();
    }

    private static Tensor Normed(RmsNorm? norm, Tensor x) => norm is null ? x : norm.forward(x);
}
