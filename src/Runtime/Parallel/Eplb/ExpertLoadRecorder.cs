using static TorchSharp.torch;

namespace Moesaic.Eplb;

/// <summary>Counts which experts a model's tokens choose, from now until it is disposed.</summary>
/// <remarks>Padding counts too: a model that pads is recorded by its <see cref="ExpertBalancer"/>, which knows it.</remarks>
public sealed class ExpertLoadRecorder : IDisposable
{
    private readonly List<(string Name, FusedExperts Experts, Tensor Counts)> _layers = [];

    /// <summary>Records the model's blocks.</summary>
    public ExpertLoadRecorder(CausalLm network)
    {
        foreach (var (name, block) in Blocks(network))
        {
            var counts = zeros(block.Config.NumExperts, dtype: int64).DetachFromDisposeScope();
            _layers.Add((name, block.RoutedExperts, counts));
            block.RoutedExperts.Routed += Count;

            void Count(Tensor topKIds)
            {
                using var ids = topKIds.to(int64).flatten().cpu();
                using var ones = ones_like(ids);
                counts.scatter_add_(0, ids, ones);
            }
        }
    }

    /// <summary>What has been counted so far.</summary>
    public ExpertLoad Load => new([.. _layers.Select(static layer => new LayerLoad(layer.Name, layer.Counts.data<long>().ToArray()))]);

    /// <summary>The blocks of a model, from input to output, by the names of load files.</summary>
    public static IEnumerable<(string Name, MoeBlock Block)> Blocks(CausalLm network) =>
        network.named_modules().Where(static named => named.module is MoeBlock).Select(static named => (named.name, (MoeBlock)named.module));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, experts, counts) in _layers)
        {
            experts.Routed = null;
            counts.Dispose();
        }
    }
}
