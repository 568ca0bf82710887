using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Linear attention whose state forgets by a gate and is corrected by the delta rule. https://arxiv.org/abs/2412.06464.</summary>
/// <remarks>Projections and their order are Qwen3-Next's: all that a key head needs lies together.</remarks>
public sealed class GatedDeltaNet : SequenceModule
{
    private const double NormEps = 1e-6;

    private readonly IGatedDeltaNetConfig _config;
    private readonly int _layerIndex;

    /// <summary>A layer without values.</summary>
    /// <param name="config">Its numbers.</param>
    /// <param name="layerIndex">Which layer, for the cache.</param>
    public GatedDeltaNet(IGatedDeltaNetConfig config, int layerIndex)
    {
        (_config, _layerIndex) = (config, layerIndex);
        InProjQkvz = new(config.HiddenSize, 2 * (Keys + Values));
        InProjBa = new(config.HiddenSize, 2 * config.LinearNumValueHeads);
        Conv1d = new((2 * Keys) + Values, config.LinearConvKernelDim, layerIndex);
        DtBias = NewParameter(config.LinearNumValueHeads);
        ALog = NewParameter(config.LinearNumValueHeads);
        Norm = new(config.LinearValueHeadDim, config.RmsNormEps, gateFirst: false);
        OutProj = new(Values, config.HiddenSize);
        Register("in_proj_qkvz", InProjQkvz);
        Register("in_proj_ba", InProjBa);
        Register("conv1d", Conv1d);
        Register("dt_bias", DtBias, value => DtBias = value, dtype: float32);
        Register("A_log", ALog, value => ALog = value, dtype: float32);
        Register("norm", Norm);
        Register("out_proj", OutProj);
    }

    /// <summary>Query, key, value and output gate, key head by key head: [2GK + 2HV, D].</summary>
    public Linear InProjQkvz { get; }

    /// <summary>How much is replaced and how much forgotten, key head by key head: [2H, D].</summary>
    public Linear InProjBa { get; }

    /// <summary>Over query, key and value: [2GK + HV, 1, L].</summary>
    public CausalConvolution Conv1d { get; }

    /// <summary>[H] float32.</summary>
    public Parameter DtBias { get; private set; }

    /// <summary>log(-A), [H] float32.</summary>
    public Parameter ALog { get; private set; }

    /// <summary>[V].</summary>
    public GatedRmsNorm Norm { get; }

    /// <summary>[D, HV].</summary>
    public Linear OutProj { get; }

    private int Groups => _config.LinearNumKeyHeads;

    private int HeadsPerGroup => _config.LinearNumValueHeads / Groups;

    private int Keys => Groups * _config.LinearKeyHeadDim;

    private int Values => _config.LinearNumValueHeads * _config.LinearValueHeadDim;

    internal override void Parallelize(ParallelContext context, string path) => context.NoteWhole(path);

    /// <inheritdoc/>
    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var (batch, length) = (x.shape[0], x.shape[1]);
        var (key, values) = (_config.LinearKeyHeadDim, HeadsPerGroup * _config.LinearValueHeadDim);
        var parts = InProjQkvz.forward(x).view(batch, length, Groups, -1).split([key, key, values, values], -1);
        var shares = InProjBa.forward(x).view(batch, length, Groups, -1).chunk(2, -1); // [B, T, G, H / G] each

        var mixed = cat([parts[0].flatten(2), parts[1].flatten(2), parts[2].flatten(2)], -1); // [B, T, 2GK + HV]
        mixed = context.WithoutPadding(nn.functional.silu(Conv1d.forward(mixed, context)));
        var vectors = mixed.to(float32).split([Keys, Keys, Values], -1);
        var query = Normed(InGroups(vectors[0], 1)) / Math.Sqrt(key); // [B, G, 1, T, K]
        var keys = Normed(InGroups(vectors[1], 1)); // [B, G, 1, T, K]
        var value = InGroups(vectors[2], HeadsPerGroup); // [B, G, H / G, T, V]

        var beta = shares[0].to(float32).sigmoid().permute(0, 2, 3, 1); // [B, G, H / G, T]
        var logDecay = (-ALog.exp() * nn.functional.softplus(shares[1].to(float32).flatten(2) + DtBias))
            .view(batch, length, Groups, -1).permute(0, 2, 3, 1);

        var state = context.Cache?.State<RecurrentState>(_layerIndex);
        var (output, last) = GatedDeltaRule.Run(query, keys, value, logDecay, beta, state?.Value);
        state?.Keep(last);
        output = output.permute(0, 3, 1, 2, 4).reshape(batch, length, _config.LinearNumValueHeads, -1); // [B, T, H, V]
        var gate = parts[3].reshape(output.shape);
        return OutProj.forward(Norm.Forward(output, gate).flatten(2)).MoveToOuterDisposeScope();
    }

    /// <summary>[B, T, G · n · width] to [B, G, n, T, width].</summary>
    private Tensor InGroups(Tensor x, int count) => x.view(x.shape[0], x.shape[1], Groups, count, -1).permute(0, 2, 3, 1, 4);

    private static Tensor Normed(Tensor x) => x * rsqrt(x.square().sum([-1], keepdim: true) + NormEps);
}
