using Moesaic.Communication;

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
    private readonly LoadWindow _window;
    private readonly Queue<(BalancedLayer Layer, SlotMap Map)> _pending = new();
    private readonly BalanceLog _log;
    private ExpertTopology _topology;
    private int _step;

    /// <param name="topology">Its ranks are those of <paramref name="ranks"/>.</param>
    /// <exception cref="EplbException">Options contradict each other, or slots do not fit the ranks.</exception>
    internal ExpertBalancer(IReadOnlyList<BalancedLayer> layers, ExpertTopology topology, EplbOptions options, ICommunicator ranks)
    {
        options.Check();
        foreach (var layer in layers)
        {
            topology.Check(layer.Slots.Map.NumExperts);
        }

        (_layers, _topology, _options, _ranks) = (layers, topology, options, ranks);
        _window = new(options.Window, layers.Sum(layer => layer.Slots.Map.NumExperts));
        _log = new(layers, ranks, options.LogInterval);
        _step = Math.Max(0, options.Interval - (options.Interval / 4)); // The first guess is the worst: it does not stay for a whole interval.
    }

    /// <summary>Layers whose weights have still to be moved.</summary>
    public int PendingLayers => _pending.Count;

    /// <summary>How many rebalances there have been.</summary>
    public int Rebalances { get; private set; }

    /// <summary>Called by every rank after each pass.</summary>
    /// <param name="isDummy">The tokens of the pass stood for nothing: they are not recorded, and the step counts, since ranks count together.</param>
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
        Plan(_topology, static (map, load) => load.ContainsAnyExcept(0.0) ? load : null); // Nothing recorded: nothing to learn from.
        Rebalances++;
    }

    /// <summary>Uses more or fewer of the ranks, at once: those from <c>numPhysical / numLocal</c> on hold no experts and get no tokens.</summary>
    /// <param name="numPhysical">Slots over the ranks that are used.</param>
    /// <param name="numLocal">Slots of a rank, as before.</param>
    /// <exception cref="EplbException">The ranks that are used cannot hold the experts, or there are not that many.</exception>
    public void Resize(int numPhysical, int numLocal)
    {
        var experts = new PhysicalExperts(_layers.Max(layer => layer.Slots.Map.NumExperts), _topology.NumSlots, _topology.SlotsPerRank)
            .With(numPhysical, numLocal);
        if (experts.NumRanks > _ranks.Size)
        {
            throw EplbException.Of("physical experts", $"{_ranks.Size * numLocal} or fewer, {numLocal} on each rank", $"{numPhysical}", "start more ranks");
        }

        // Machines need equally many of the ranks that are used; otherwise experts are dealt globally.
        var nodes = experts.NumRanks % _options.NumNodes == 0 ? _options.NumNodes : 1;
        var topology = _topology with { NumSlots = numPhysical, NumRanks = experts.NumRanks, NumNodes = nodes };
        foreach (var layer in _layers)
        {
            topology.Check(layer.Slots.Map.NumExperts);
        }

        Move(_pending.Count);
        _topology = topology;
        Plan(topology, static (map, load) => load.ContainsAnyExcept(0.0) ? load : Ones(map.NumExperts));
        Move(_pending.Count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var layer in _layers)
        {
            layer.Slots.Dispose();
        }
    }

    private static double[] Ones(int count)
    {
        var ones = new double[count];
        Array.Fill(ones, 1);
        return ones;
    }

    private void Record(bool isDummy)
    {
        var load = new long[_window.Sum.Length];
        var perLayer = new long[_layers.Count];
        var start = 0;
        for (var i = 0; i < _layers.Count; i++)
        {
            var slots = _layers[i].Slots;
            var own = load.AsSpan(start, slots.Map.NumExperts);
            slots.TakeLoad(own, _ranks.Rank * _topology.SlotsPerRank, _topology.SlotsPerRank);
            foreach (var expert in own)
            {
                perLayer[i] += expert;
            }

            start += own.Length;
        }

        if (!isDummy)
        {
            _window.Add(load);
        }

        _log.Step(perLayer, isDummy);
    }

    private void Plan(ExpertTopology topology, Func<SlotMap, double[], double[]?> loadOf)
    {
        var sums = _layers.Count == 0 ? [] : _ranks.Sum(_window.Sum.ToArray(), _layers[0].Slots.Device);
        var loads = new List<double[]>();
        var maps = new List<SlotMap>();
        var start = 0;
        foreach (var layer in _layers)
        {
            var old = layer.Slots.Map;
            double[] load = [.. sums[start..(start + old.NumExperts)].Select(static sum => (double)sum)];
            start += old.NumExperts;
            var map = loadOf(old, load) is { } known ? Deal(known, topology, old) : old;
            if (!map.Holds(old.PhysicalToLogical))
            {
                _pending.Enqueue((layer, map));
            }

            loads.Add(load);
            maps.Add(map);
        }

        _log.Rebalanced(loads, maps);
    }

    private SlotMap Deal(double[] load, ExpertTopology topology, SlotMap old) =>
        RebalancePolicy.Next(load, topology, old).PaddedTo(_ranks.Size * topology.SlotsPerRank);

    private void Move(int layers)
    {
        for (; layers > 0 && _pending.TryDequeue(out var next); layers--)
        {
            var (layer, map) = next;
            SlotMover.Move(TransferPlan.Between(layer.Slots.Map, map, _topology.SlotsPerRank), layer.Weights(), _ranks);
            layer.Slots.Commit(map);
        }
    }
}
