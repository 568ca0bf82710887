using System.Runtime.InteropServices;
using Moesaic.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Generation;

/// <summary>Passes of one token for each row that all have the same shapes. On a GPU they are recorded once and replayed: one launch a token.</summary>
/// <remarks>
/// The first pass runs as it is, and brings kernels and lasting memory into place; the second is recorded. A pass reads its tokens and their
/// place from device memory, leaves the likeliest next tokens where the following pass reads, and counts the place up.
/// </remarks>
internal sealed class DecodeSteps : IDisposable
{
    private const long FirstCapacity = 256;

    private readonly CausalLm _model;
    private readonly GenerationCache _cache;
    private readonly Tensor _ids; // [B, 1] int64
    private readonly CudaStream? _stream;
    private readonly PinnedReads? _reads;
    private readonly Queue<double[]> _read = []; // Where nothing is copied to the host, since it is there.
    private CudaGraph? _graph;
    private bool _isWarm;
    private Tensor? _logits;
    private Tensor? _largest; // [2, B] float64: the largest logit of each row, and its id.

    private DecodeSteps(CausalLm model, GenerationCache cache, long batch, bool records)
    {
        (_model, _cache) = (model, cache);
        _ids = zeros([batch, 1], dtype: int64, device: model.Device).DetachFromDisposeScope();
        if (records)
        {
            cuda.synchronize(); // What came before was queued on another stream.
            var device = CudaDevice.Open(Math.Max(model.Device.index, 0));
            (_stream, _reads) = (new(device), new(device, 2 * (int)batch));
        }
    }

    /// <summary>Why passes are not recorded; null where they are, or will be at the second.</summary>
    internal string? Obstacle { get; private set; }

    /// <summary>[B, 1] int64: what the next pass reads, its own likeliest tokens unless somebody writes others.</summary>
    internal Tensor Ids => _ids;

    /// <summary>Of the last pass, [B, V]. Valid until the next one.</summary>
    internal Tensor Logits => _logits!;

    /// <summary>Steps that go on from what a cache holds.</summary>
    /// <param name="model">On a GPU, where passes are to be recorded.</param>
    /// <param name="cache">Of at least one pass; of no use to ordinary passes from now on.</param>
    /// <param name="batch">Rows, B.</param>
    /// <param name="obstacle">Why there are none; null where there are.</param>
    internal static DecodeSteps? Begin(CausalLm model, GenerationCache cache, long batch, out string? obstacle)
    {
        using var inference = inference_mode();
        obstacle = WhyNot(model, model.Device.type) ?? cache.Fix(Capacity(cache), model.Device);
        return obstacle is null ? new(model, cache, batch, records: model.Device.type == DeviceType.CUDA) : null;
    }

    /// <summary>What a model has that forbids such passes on a device, as far as that can be seen before one; null for nothing.</summary>
    internal static string? WhyNot(CausalLm model, DeviceType device) =>
        model.Parallel is not null ? "ranks share the model, and talk to each other in each pass"
        : model.DecoderConfig is IAttentionConfig config && new RotaryFrequencies(config.RopeParameters, 2).DependOnLength
            ? "its rotary angles depend on how long the text is"
        : device != DeviceType.CUDA ? null
        : model.modules().OfType<FusedExperts>().FirstOrDefault(static experts => experts.Choice.Backend != ExpertsBackend.Fused) is { } other
            ? $"of the backends of experts only fused leaves the host out: {other.BackendReason}"
        : CudaGraph.WhyNone;

    /// <summary>What the next pass reads, in every row.</summary>
    internal void Feed(long id)
    {
        using var inference = inference_mode();
        using var use = _stream?.Enter();
        _ids.fill_(id);
    }

    /// <summary>One token further.</summary>
    internal void Run()
    {
        using var inference = inference_mode();
        using var use = _stream?.Enter();
        if (_cache.Length == _cache.Place!.Capacity)
        {
            Grow();
        }

        if (_graph is null && _stream is not null && _isWarm && Obstacle is null)
        {
            Record();
        }

        if (_graph is not null)
        {
            _graph.Launch();
        }
        else
        {
            Pass();
            _isWarm = true;
        }

        if (_reads is null)
        {
            _read.Enqueue(_largest!.data<double>().ToArray());
        }

        _reads?.Queue(Aten.DataPointer(_largest!), _stream!.Handle);
        _cache.Advance();
    }

    /// <summary>Waits for the oldest pass whose result was not taken: the largest logit of each row, then its id.</summary>
    /// <remarks>One pass may be queued behind it meanwhile, so that a GPU has work while the host reads.</remarks>
    internal double[] Take() => _reads?.Take() ?? _read.Dequeue();

    /// <summary>The time in which libtorch works where the passes do.</summary>
    internal CudaStream.Use? Enter() => _stream?.Enter();

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream?.Synchronize();
        _graph?.Dispose();
        _reads?.Dispose();
        _logits?.Dispose();
        _largest?.Dispose();
        _ids.Dispose();
        _stream?.Dispose();
    }

    private static long Capacity(GenerationCache cache)
    {
        var capacity = FirstCapacity;
        while (capacity <= cache.Length)
        {
            capacity *= 2;
        }

        return capacity;
    }

    private void Grow()
    {
        _stream?.Synchronize();
        _graph?.Dispose();
        (_graph, _isWarm) = (null, false);
        _cache.Fix(2 * _cache.Place!.Capacity, _model.Device);
    }

    private void Record()
    {
        try
        {
            _graph = CudaGraph.Capture(_stream!, Pass);
        }
        catch (Exception e) when (e is MoesaicException or ExternalException or InvalidOperationException or ArgumentException or NotSupportedException)
        {
            // Nothing of the pass has run: it does so now, as it is, and all that follow.
            Obstacle = $"a pass cannot be recorded: {Unfit.FirstLine(e)}";
            GenerationTrace.Source.TraceInformation(Obstacle);
        }
    }

    private void Pass()
    {
        using var scope = NewDisposeScope();
        using var context = new AttentionContext(_ids.shape[0], 1, _model.Device, _cache);
        var logits = _model.ForwardLast(_ids, context); // [B, V]
        var (values, indexes) = logits.max(1);
        var largest = stack([values.to(float64), indexes.to(float64)]); // [2, B]
        _ids.copy_(indexes.unsqueeze(1));
        _cache.Place!.Position.add_(1);
        Replace(ref _logits, logits);
        Replace(ref _largest, largest);
    }

    private static void Replace(ref Tensor? kept, Tensor value)
    {
        kept?.Dispose();
        kept = value.DetachFromDisposeScope();
    }
}
