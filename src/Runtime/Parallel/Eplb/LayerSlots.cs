using static TorchSharp.torch;

namespace Moesaic.Eplb;

/// <summary>The slots of one layer: which replica each token goes to, and how many assignments each slot has had.</summary>
/// <remarks>
/// The replicas of an expert take turns: that of token t and its k-th expert is (t + k + pass) mod count. The position t · K + k alone, which is
/// the usual choice, would tie the replica to the expert's rank within a token where the count divides K, and to 0 where tokens come one by one.
/// </remarks>
internal sealed class LayerSlots : IDisposable
{
    private Tensor _table; // [E, most replicas]: slots of each expert
    private Tensor _counts; // [E]
    private Tensor _load; // [P]
    private long _pass;

    internal LayerSlots(SlotMap map, Device device)
    {
        (Map, Device) = (map, device);
        (_table, _counts) = Tables(map);
        using var normal = inference_mode(false); // A tensor that is born in inference mode could not be written to outside of it.
        _load = zeros(map.NumSlots, dtype: int64, device: device).DetachFromDisposeScope();
    }

    /// <summary>Which expert each slot holds now.</summary>
    internal SlotMap Map { get; private set; }

    /// <summary>Where ids are.</summary>
    internal Device Device { get; }

    /// <summary>The slot that each assignment goes to, counted as load.</summary>
    /// <param name="topKIds">Logical experts, [T, K] int32; of tokens that stand for something, for each of them counts.</param>
    /// <returns>Physical slots, [T, K] int32.</returns>
    // T tokens, K top-k, E experts, P slots
    internal Tensor ToPhysical(Tensor topKIds)
    {
        using var scope = NewDisposeScope();
        var (tokens, k) = (topKIds.size(0), topKIds.size(1));
        var ids = topKIds.to(int64).flatten();                                                      // [T * K]
        var turns = arange(_pass, _pass + tokens, dtype: int64, device: Device).unsqueeze(1)
            + arange(k, dtype: int64, device: Device);                                             // [T, K]
        var replicas = turns.flatten().remainder(_counts.index_select(0, ids));                     // [T * K]
        var physical = _table.flatten().index_select(0, (ids * _table.size(1)) + replicas);         // [T * K]
        _load.scatter_add_(0, physical, ones_like(physical));
        _pass++;
        return physical.to(int32).view(tokens, k).MoveToOuterDisposeScope();
    }

    /// <summary>Counts assignments to each slot in a tensor of the caller's from now on: all layers in one, to be read at once.</summary>
    /// <param name="load">[P] int64; is added to, and belongs to the slots.</param>
    internal void CountInto(Tensor load)
    {
        _load.Dispose();
        _load = load;
    }

    /// <summary>Routes by another map from now on. Its slots hold what it says already.</summary>
    internal void Commit(SlotMap map)
    {
        var tables = Tables(map);
        _table.Dispose();
        _counts.Dispose();
        (Map, (_table, _counts)) = (map, tables);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _table.Dispose();
        _counts.Dispose();
        _load.Dispose();
    }

    private (Tensor Table, Tensor Counts) Tables(SlotMap map)
    {
        using var scope = NewDisposeScope();
        var counts = Enumerable.Range(0, map.NumExperts).Select(expert => (long)map.ReplicaCount(expert)).ToArray();
        var most = (int)counts.Max();
        var table = new long[map.NumExperts, most];
        for (var expert = 0; expert < map.NumExperts; expert++)
        {
            for (var replica = 0; replica < map.ReplicaCount(expert); replica++)
            {
                table[expert, replica] = map.Replicas(expert)[replica];
            }
        }

        return (tensor(table, device: Device).DetachFromDisposeScope(), tensor(counts, device: Device).DetachFromDisposeScope());
    }
}
