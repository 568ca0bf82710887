using Moesaic.Configs;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>A selective state space with one decay per head, computed as attention that decays. https://arxiv.org/abs/2405.21060.</summary>
public sealed class Mamba2Mixer : SequenceModule
{
    private readonly IMamba2Config _config;
    private readonly int _layerIndex;
    private readonly (double Least, double Greatest) _stepLimit;

    /// <summary>A layer without values.</summary>
    /// <param name="config">Its numbers.</param>
    /// <param name="layerIndex">Which layer, for the cache.</param>
    /// <exception cref="ConfigException">The limit of the time step is not two numbers.</exception>
    public Mamba2Mixer(IMamba2Config config, int layerIndex)
    {
        (_config, _layerIndex) = (config, layerIndex);
        _stepLimit = config.TimeStepLimit is [var least, var greatest]
            ? (least, greatest)
            : throw new ConfigException($"time_step_limit: expected two numbers, found {config.TimeStepLimit.Count}; correct the config");
        InProj = new(config.HiddenSize, Inner + Mixed + config.MambaNHeads, config.MambaProjBias);
        Conv1d = new(Mixed, config.MambaDConv, layerIndex, config.MambaConvBias);
        DtBias = NewParameter(config.MambaNHeads);
        ALog = NewParameter(config.MambaNHeads);
        D = NewParameter(config.MambaNHeads);
        Norm = new(Inner, config.RmsNormEps, gateFirst: true);
        OutProj = new(Inner, config.HiddenSize, config.MambaProjBias);
        Register("in_proj", InProj);
        Register("conv1d", Conv1d);
        Register("dt_bias", DtBias, value => DtBias = value, dtype: float32);
        Register("A_log", ALog, value => ALog = value, dtype: float32);
        Register("D", D, value => D = value, dtype: float32);
        Register("norm", Norm);
        Register("out_proj", OutProj);
    }

    /// <summary>Gate, input, what writes and what reads the state, and the time step: [2HP + 2GN + H, D].</summary>
    public Linear InProj { get; }

    /// <summary>[HP + 2GN, 1, L].</summary>
    public CausalConvolution Conv1d { get; }

    /// <summary>[H] float32.</summary>
    public Parameter DtBias { get; private set; }

    /// <summary>log(-A), [H] float32.</summary>
    public Parameter ALog { get; private set; }

    /// <summary>How much of the input passes by, [H] float32.</summary>
    public Parameter D { get; private set; }

    /// <summary>[HP].</summary>
    public GatedRmsNorm Norm { get; }

    /// <summary>[D, HP].</summary>
    public Linear OutProj { get; }

    private int Inner => _config.MambaNHeads * _config.MambaDHead;

    private int Groups => _config.MambaNGroups * _config.MambaDState;

    private int Mixed => Inner + (2 * Groups);

    internal override void Parallelize(ParallelContext context, string path) => context.NoteWhole(path);

    /// <inheritdoc/>
    public override Tensor forward(Tensor x, AttentionContext context)
    {
        using var scope = NewDisposeScope();
        var parts = InProj.forward(x).split([Inner, Mixed, _config.MambaNHeads], -1);
        var (gate, mixed, step) = (parts[0], parts[1], parts[2]);
        mixed = context.WithoutPadding(nn.functional.silu(Conv1d.forward(mixed, context)));

        step = nn.functional.softplus(step.to(float32) + DtBias).clamp(_stepLimit.Least, _stepLimit.Greatest); // [B, T, H]
        var vectors = mixed.to(float32).split([Inner, Groups, Groups], -1);
        var input = InGroups(vectors[0], _config.MambaNHeads); // [B, G, H / G, T, P]
        var write = InGroups(vectors[1], _config.MambaNGroups); // [B, G, 1, T, N]
        var read = InGroups(vectors[2], _config.MambaNGroups);
        var steps = InGroups(step, _config.MambaNHeads); // [B, G, H / G, T, 1]
        var decay = InGroups(step * -ALog.exp(), _config.MambaNHeads).squeeze(-1);

        var state = context.Cache?.State<RecurrentState>(_layerIndex);
        var (output, last) = DecayedLinearAttention.Run(read, write, input * steps, decay, state?.Value);
        state?.Keep(last);
        output += input * D.view(1, _config.MambaNGroups, -1, 1, 1);
        output = output.permute(0, 3, 1, 2, 4).flatten(2); // [B, T, HP]
        return OutProj.forward(Norm.Forward(output, gate)).MoveToOuterDisposeScope();
    }

    /// <summary>[B, T, n · width] to [B, G, n / G, T, width].</summary>
    private Tensor InGroups(Tensor x, int count) =>
        x.reshape(x.shape[0], x.shape[1], _config.MambaNGroups, count / _config.MambaNGroups, -1).permute(0, 2, 3, 1, 4);
}
