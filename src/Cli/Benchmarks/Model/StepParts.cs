using static TorchSharp.torch;

namespace Moesaic.Cli.Benchmarks.Model;

/// <summary>Where the time of a step goes: the modules of each kind alone, on random input.</summary>
internal static class StepParts
{
    /// <param name="network">The model.</param>
    /// <param name="cache">Fixed, of the batch.</param>
    /// <param name="batch">Rows.</param>
    internal static IReadOnlyList<PartTime> Measure(CausalLm network, GenerationCache cache, int batch)
    {
        using var scope = NewDisposeScope();
        using var timer = new StepTimer(network.Device);
        var dtype = network.modules().OfType<Embedding>().First().Weight.dtype;
        var hidden = network.DecoderConfig.HiddenSize;
        var wide = randn([batch, 1, hidden], dtype: float32, device: network.Device).to(dtype);
        var layers = network.modules().OfType<DecoderLayer>().ToArray();
        var mixers = layers.SelectMany(static layer => layer.Children).Select(static child => child.Module).OfType<SequenceModule>().ToArray();
        var blocks = network.modules().OfType<MoeBlock>().ToArray();
        var dense = layers.SelectMany(static layer => layer.Children).Select(static child => child.Module).OfType<GatedMlp>().ToArray();
        ExplicitModule[] norms = [.. layers.SelectMany(static layer => layer.Children).Select(static child => child.Module).Where(static module => module is RmsNorm or GemmaRmsNorm)];
        var heads = network.Children.Select(static child => child.Module).OfType<Linear>().ToArray();
        var parts = new List<PartTime>();

        // One context for all, as in a step: what layers share is made before, and not in these times.
        using var context = new AttentionContext(batch, 1, network.Device, cache);
        Add("attention", mixers, module => module.forward(wide, context).Dispose());
        Add("experts", blocks, module => module.forward(wide).Dispose());
        Add("dense mlp", dense, module => module.forward(wide).Dispose());
        Add("norms", norms, module => module.forward(wide).Dispose());
        Add("additions", [.. layers, .. layers], _ => (wide + wide).Dispose());
        Add("head", heads, module => module.forward(wide).Dispose());
        return parts;

        void Add<T>(string name, IReadOnlyList<T> modules, Action<T> run)
        {
            if (modules.Count > 0)
            {
                var time = timer.Milliseconds(() =>
                {
                    foreach (var module in modules)
                    {
                        run(module);
                    }
                });
                parts.Add(new(name, modules.Count, time));
            }
        }
    }
}
