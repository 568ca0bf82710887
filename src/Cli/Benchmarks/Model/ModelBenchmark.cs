using System.Diagnostics;
using Moesaic.Generation;
using Moesaic.Kernels;
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
        var prompt = Random(batch, contextLength);
        var inputs = Enumerable.Range(0, Checked).Select(_ => Random(batch, 1)).ToArray();
        var (expected, ordinary, active) = RunOrdinary(prompt, inputs);

        using var cache = new GenerationCache();
        Pass(prompt, cache).Dispose();
        using var steps = DecodeSteps.Begin(network, cache, batch, out var obstacle);
        if (steps is null)
        {
            return new(batch, double.NaN, ordinary, ordinary, ordinary, ordinary, Floor(active, batch), active, obstacle, []);
        }

        var error = inputs.Zip(expected).Max(pair => Compare(steps, pair.First, pair.Second));
        var (step, _) = Time(steps, reads: true);
        var (queued, host) = Time(steps, reads: false);
        var parts = StepParts.Measure(network, cache, batch);
        return new(batch, error, ordinary, step, queued, host, Floor(active, batch), active, steps.Obstacle, parts);
    }

    /// <summary>Logits of each input after a prompt, the time of a step, and how many experts of a layer had tokens.</summary>
    private (Tensor[] Logits, double Milliseconds, double Active) RunOrdinary(Tensor prompt, Tensor[] inputs)
    {
        using var cache = new GenerationCache();
        SmallBatch.IsEnabled = false;
        Pass(prompt, cache).Dispose();
        var logits = inputs.Select(ids => Pass(ids, cache).to(float32)).ToArray();
        SmallBatch.IsEnabled = true;
        var active = ActiveExperts(() => Pass(inputs[0], cache).Dispose());
        Synchronize();
        var count = Math.Min(tokens, OrdinarySteps);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            Pass(inputs[0], cache).Dispose();
        }

        Synchronize();
        return (logits, Stopwatch.GetElapsedTime(start).TotalMilliseconds / count, active);
    }

    /// <summary>The largest difference of logits by the largest logit.</summary>
    private static double Compare(DecodeSteps steps, Tensor ids, Tensor expected)
    {
        using var scope = NewDisposeScope();
        using var use = steps.Enter();
        steps.Ids.copy_(ids);
        steps.Run();
        var logits = steps.Logits.to(float32);
        return ((logits - expected).abs().max() / expected.abs().max()).item<float>();
    }

    private Tensor Random(long batch, long length) => randint(0, network.DecoderConfig.VocabSize, [batch, length], dtype: int64, device: network.Device);

    private (double Milliseconds, double Host) Time(DecodeSteps steps, bool reads)
    {
        var host = 0L;
        steps.Run(); // As text is generated: one more than is read.
        steps.Take();
        steps.Run();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < tokens; i++)
        {
            var begin = Stopwatch.GetTimestamp();
            steps.Run();
            host += Stopwatch.GetTimestamp() - begin;
            if (reads)
            {
                steps.Take();
            }
        }

        if (!reads)
        {
            steps.Take();
        }

        return (Stopwatch.GetElapsedTime(start).TotalMilliseconds / tokens, Stopwatch.GetElapsedTime(0, host).TotalMilliseconds / tokens);
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
