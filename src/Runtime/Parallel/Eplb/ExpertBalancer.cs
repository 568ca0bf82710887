using Moesaic.Communication;
using static TorchSharp.torch;

namespace Moesaic.Eplb;

/// <summary>Keeps ranks evenly loaded while a model serves: records which experts tokens go to, and deals them anew from time to time.</summary>
/// <remarks>
/// Every rank has one and calls <see cref="Step"/> after each pass, so that all of them enter collectives together. A rebalance makes new maps
/// at once and then moves a layer or so after each pass; a layer's map is committed when its weights have arrived, so that each pass between
/// two moves is exact.
/// </remarks>
public sealed class ExpertBalancer : IDisposable
{
    private readonly IReadOnlyList<BalancedLayer> _layers;
    private readonly EplbOptions _options;
    private readonly ICommunicator _ranks;
    private readonly bool _countsOwnSlots;
    private readonly LoadCounters _counters;
    private readonly LoadWindow _window;
    private readonly Queue<(BalancedLayer Layer, SlotMap Map)> _pending = new();
    private readonly BalanceLog _log;
    private int _ranksInUse;
    private int _step;

    /// <param name="ranks">Those that experts are spread over, with as many slots each.</param>
    /// <param name="countsOwnSlots">Ranks see each other's tokens, so each counts what its own slots compute; otherwise each counts its own tokens.</param>
    /// <exception cref="EplbException">Options contradict each other, or slots do not fit the ranks.</exception>
    internal ExpertBalancer(IReadOnlyList<BalancedLayer> layers, EplbOptions options, ICommunicator ranks, bool countsOwnSlots)
    {
        options.Check();
        (_layers, _options, _ranks, _countsOwnSlots, _ranksInUse) = (layers, options, ranks, countsOwnSlots, ranks.Size);
        foreach (var layer in layers)
        {
            Topology(layer, ranks.Size).Check(layer.Map.NumExperts);
        }

        _counters = new(layers);
        _window = new(options.Window, layers.Sum(layer => layer.Map.NumExperts));
        _log = new(layers, ranks, options.LogInterval);
        _step = Math.Max(0, options.Interval - (options.Interval / 4)); // The first guess is the worst: it does not stay for a whole interval.
    }

    /// <summary>The balancer of this rank's part of a model that has its weights.</summary>
    /// <exception cref="EplbException">Options contradict each other, or slots do not fit the ranks.</exception>
    internal static ExpertBalancer Of(CausalLm network, ParallelContext context, EplbOptions options) => new(
        [.. ExpertLoadRecorder.Blocks(network).Select(block => Layer(block.Block, network.Device))], options, context.Experts, !context.UsesAllToAll);

    /// <summary>Layers whose weights have still to be moved.</summary>
    public int PendingLayers => _pending.Count;

    /// <summary>How many rebalances there have been.</summary>
    public int Rebalances { get; private set; }

    /// <summary>Called by every rank after each pass.</summary>
    /// <param name="isDummy">The tokens of the pass stood for nothing on any rank: they are not recorded, and the step counts, since ranks count together.</param>
    public void Step(bool isDummy = false)
    {
        Record(isDummy);
        if (_options.Interval > 0 && ++_step >= _options.Interval)
        {
            _step = 0;
            Rebalance();
        }

        Move(_options.LayersPerStep);
    }

    /// <summary>Deals experts anew by the load of the window. Their weights are moved by the next steps.</summary>
    public void Rebalance()
    {
        Move(_pending.Count);
        Plan(static load => load.ContainsAnyExcept(0.0) ? load : null); // Nothing recorded: nothing to learn from.
        Rebalances++;
    }

    /// <summary>Uses more or fewer of the ranks, at once: those from <paramref name="ranks"/> on hold no experts and get no tokens.</summary>
    /// <exception cref="EplbException">The ranks that are used cannot hold the experts, or there are not that many.</exception>
    public void Resize(int ranks)
    {
        if (ranks < 1 || ranks > _ranks.Size)
        {
            throw EplbException.Of("ranks", $"1 to {_ranks.Size}, which is how many there are", $"{ranks}", "start more ranks");
        }

        foreach (var layer in _layers)
        {
            var (local, map) = (SlotsPerRank(layer), layer.Map);
            new PhysicalExperts(map.NumExperts, local * _ranksInUse, local).With(local * ranks, local);
            Topology(layer, ranks).Check(map.NumExperts);
        }

        Move(_pending.Count);
        _ranksInUse = ranks;
        Plan(static load => load.ContainsAnyExcept(0.0) ? load : Ones(load.Length));
        Move(_pending.Count);
    }

    /// <inheritdoc/>
    public void Dispose() => _counters.Dispose();

    private static BalancedLayer Layer(MoeBlock block, Device device)
    {
        var experts = block.RoutedExperts;
        return new(experts.Ranks!.Slots(device), block.Config.NumExpertGroups, () => experts.SlotTensors, experts.HoldExperts);
    }

    private static double[] Ones(int count)
    {
        var ones = new double[count];
        Array.Fill(ones, 1);
        return ones;
    }

    private int SlotsPerRank(BalancedLayer layer) => layer.Map.NumSlots / _ranks.Size;

    /// <summary>What a layer's experts are dealt to. Machines need equally many of the ranks in use, or they do not count.</summary>
    private ExpertTopology Topology(BalancedLayer layer, int ranks) => new(
        ranks == _ranks.Size ? layer.Map.NumSlots : SlotsPerRank(layer) * ranks,
        layer.NumGroups,
        ranks == _ranks.Size || ranks % _options.NumNodes == 0 ? _options.NumNodes : 1,
        ranks);

    private void Record(bool isDummy)
    {
        var logical = new long[_window.Sum.Length];
        var perRank = new long[_layers.Count * _ranks.Size];
        var load = _counters.Take();
        var (slots, experts) = (0, 0); // Of the layers before.
        for (var i = 0; i < _layers.Count; i++)
        {
            var (map, local) = (_layers[i].Map, SlotsPerRank(_layers[i]));
            var (first, end) = _countsOwnSlots ? (_ranks.Rank * local, (_ranks.Rank + 1) * local) : (0, map.NumSlots);
            for (var slot = first; slot < end && !isDummy; slot++)
            {
                if (map.PhysicalToLogical[slot] is not SlotMap.Empty and var expert)
                {
                    logical[experts + expert] += load[slots + slot];
                    perRank[(i * _ranks.Size) + (slot / local)] += load[slots + slot];
                }
            }

            (slots, experts) = (slots + map.NumSlots, experts + map.NumExperts);
        }

        if (!isDummy)
        {
            _window.Add(logical);
        }

        _log.Step(perRank);
    }

    private void Plan(Func<double[], double[]?> loadOf)
    {
        var sums = _ranks.Sum(_window.Sum.ToArray());
        var loads = new List<double[]>();
        var maps = new List<SlotMap>();
        var start = 0;
        foreach (var layer in _layers)
        {
            double[] load = [.. sums[start..(start + layer.Map.NumExperts)].Select(static sum => (double)sum)];
            start += load.Length;
            var topology = Topology(layer, _ranksInUse);
            var map = loadOf(load) is { } known ? RebalancePolicy.Next(known, topology, layer.Map).PaddedTo(layer.Map.NumSlots) : layer.Map;
            if (!map.Holds(layer.Map.PhysicalToLogical))
            {
                _pending.Enqueue((layer, map));
            }

            loads.Add(load);
            maps.Add(map);
        }

        _log.Rebalanced(loads, maps);
    }

    private void Move(int layers)
    {
        for (; layers > 0 && _pending.TryDequeue(out var next); layers--)
        {
            var (layer, map) = next;
            var local = SlotsPerRank(layer);
            SlotMover.Move(TransferPlan.Between(layer.Map, map, local), layer.Weights(), _ranks);
            layer.Slots.Commit(map);
            layer.Moved?.Invoke(map.PhysicalToLogical.Slice(_ranks.Rank * local, local).ToArray());
        }
    }
}
