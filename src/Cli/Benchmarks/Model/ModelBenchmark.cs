using System.Diagnostics;
using Moesaic.Generation;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Cli.Benchmarks.Model;

/// <summary>Decodes with a network of random numbers: checks recorded steps against ordinary passes, then times both.</summary>
internal sealed class ModelBenchmark(CausalLm network, MachineRates rates, int contextLength, int tokens)
{
    private const int Checked = 4;
    private const int OrdinarySteps = 8;

    internal DecodeMeasurement Run(int batch)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var prompt = randint(0, network.DecoderConfig.VocabSize, [batch, contextLength], dtype: int64, device: network.Device);
        using var cache = new GenerationCache();
        using var ordinary = new GenerationCache();
        Pass(prompt, cache).Dispose();
        Pass(prompt, ordinary).Dispose();
        var active = ActiveExperts(() => Pass(prompt.narrow(1, 0, 1), ordinary).Dispose());
        ordinary.Clear();
        Pass(prompt, ordinary).Dispose();

        using var steps = DecodeSteps.Begin(network, cache, batch, out var obstacle);
        var error = double.NaN;
        double ordinaryTime;
        if (steps is null)
        {
            ordinaryTime = OrdinaryTime(prompt, ordinary);
            return new(batch, error, ordinaryTime, ordinaryTime, ordinaryTime, ordinaryTime, Floor(active, batch), active, obstacle, []);
        }

        error = Enumerable.Range(0, Checked).Max(_ => Compare(steps, ordinary, batch));
        ordinaryTime = OrdinaryTime(prompt, ordinary);
        var (step, _) = Time(steps, reads: true);
        var (queued, host) = Time(steps, reads: false);
        var parts = StepParts.Measure(network, cache, batch);
        return new(batch, error, ordinaryTime, step, queued, host, Floor(active, batch), active, steps.Obstacle, parts);
    }

    /// <summary>The same tokens both ways; the largest difference of logits by the largest logit.</summary>
    private double Compare(DecodeSteps steps, GenerationCache ordinary, int batch)
    {
        using var scope = NewDisposeScope();
        var ids = randint(0, network.DecoderConfig.VocabSize, [batch, 1], dtype: int64, device: network.Device);
        var expected = Pass(ids, ordinary).to(float32);
        Synchronize();
        using (steps.Enter())
        {
            steps.Ids.copy_(ids);
            steps.Run();
            var logits = steps.Logits.to(float32);
            return ((logits - expected).abs().max() / expected.abs().max()).item<float>();
        }
    }

    private (double Milliseconds, double Host) Time(DecodeSteps steps, bool reads)
    {
        var host = 0L;
        Synchronize();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < tokens; i++)
        {
            var begin = Stopwatch.GetTimestamp();
            steps.Run();
            host += Stopwatch.GetTimestamp() - begin;
            if (reads)
            {
                steps.ReadLargest();
            }
        }

        steps.ReadLargest();
        return (Stopwatch.GetElapsedTime(start).TotalMilliseconds / tokens, Stopwatch.GetElapsedTime(0, host).TotalMilliseconds / tokens);
    }

    private double OrdinaryTime(Tensor prompt, GenerationCache cache)
    {
        using var ids = prompt.narrow(1, 0, 1);
        var count = Math.Min(tokens, OrdinarySteps);
        Pass(ids, cache).Dispose();
        Synchronize();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            Pass(ids, cache).Dispose();
        }

        Synchronize();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / count;
    }

    private Tensor Pass(Tensor ids, GenerationCache cache)
    {
        using var context = new AttentionContext(ids.shape[0], ids.shape[1], network.Device, cache);
        var logits = network.ForwardLast(ids, context);
        cache.Advance(context);
        return logits;
    }

    private double ActiveExperts(Action pass)
    {
        var blocks = network.modules().OfType<FusedExperts>().ToArray();
        var counts = new List<long>();
        Array.ForEach(blocks, block => block.Routed = ids =>
        {
            using var scope = NewDisposeScope();
            counts.Add(ids.unique().output.numel());
        });
        pass();
        Array.ForEach(blocks, static block => block.Routed = null);
        return counts.Count == 0 ? 0 : counts.Average();
    }

    private double Floor(double active, int batch)
    {
        var config = network.DecoderConfig as IAttentionConfig;
        var perToken = config is null ? 0 : 2.0 * config.NumKeyValueHeads * (config.HeadDim ?? config.HiddenSize / config.NumAttentionHeads) * 2;
        var cacheBytes = perToken * network.DecoderConfig.NumHiddenLayers * contextLength * batch;
        return 1e3 * MovedBytes.Of(network, active, cacheBytes) / rates.BytesPerSecond;
    }

    private void Synchronize()
    {
        if (network.Device.type == DeviceType.CUDA)
        {
            cuda.synchronize();
        }
    }
}
