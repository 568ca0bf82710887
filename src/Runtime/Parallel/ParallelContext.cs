using Moesaic.Communication;
using Moesaic.Eplb;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>This rank's place among those that run one model, and the groups it computes with.</summary>
/// <remarks>
/// World rank ((d · ep) + e) · tp + t: data rank d has tokens of its own, its ep · tp ranks all have them. A model without a context is whole, and
/// pays nothing.
/// </remarks>
public sealed class ParallelContext : IDisposable
{
    private readonly List<string> _notes = [];

    /// <summary>Joins the groups; every rank of <paramref name="world"/> does.</summary>
    /// <exception cref="EplbException">Experts cannot be balanced so.</exception>
    /// <exception cref="ParallelException">There are more or fewer ranks than the layout needs.</exception>
    public ParallelContext(ICommunicator world, ParallelLayout layout)
    {
        layout.Check();
        if (world.Size != layout.World)
        {
            throw new ParallelException($"{layout}: expected {layout.World} ranks, found {world.Size}; start that many");
        }

        (World, Layout) = (world, layout);
        var (data, expert, tensor) = (world.Rank / (layout.Expert * layout.Tensor), world.Rank / layout.Tensor % layout.Expert, world.Rank % layout.Tensor);
        (DataRank, SequenceRank, TensorRank) = (data, expert, tensor);
        Tensor = world.Split((data * layout.Expert) + expert, "tensor");
        Sequence = world.Split((data * layout.Tensor) + tensor, "sequence");
        Block = world.Split(data, "block");
        Data = world.Split((expert * layout.Tensor) + tensor, "data");
        Experts = world.Split(tensor, "experts");
    }

    /// <summary>How many ranks share what.</summary>
    public ParallelLayout Layout { get; }

    /// <summary>All ranks.</summary>
    public ICommunicator World { get; }

    /// <summary>The ranks that share this one's matrices.</summary>
    public ICommunicator Tensor { get; }

    /// <summary>The ranks that have this one's tokens and other experts.</summary>
    public ICommunicator Sequence { get; }

    /// <summary>The ranks that have this one's tokens: what one block's partial sums are added over.</summary>
    public ICommunicator Block { get; }

    /// <summary>The ranks of the same place in every data rank.</summary>
    public ICommunicator Data { get; }

    /// <summary>The ranks that the experts are spread over.</summary>
    public ICommunicator Experts { get; }

    /// <summary>Whose tokens this rank has.</summary>
    public int DataRank { get; }

    /// <summary>Which of the ranks with these tokens and other experts this is.</summary>
    public int SequenceRank { get; }

    /// <summary>Which part of each matrix this rank has.</summary>
    public int TensorRank { get; }

    /// <summary>What could not be cut and is whole on every rank, a line each.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>The tokens of this pass stand for nothing: the rank only keeps the others company, and sends none of them to experts.</summary>
    public bool IsIdle { get; internal set; }

    /// <summary>Which rows of a block's input stand for a token, [T] bool, where padding does not; null where all do. Of the pass under way.</summary>
    internal Tensor? RealTokens { get; set; }

    /// <summary>Deals experts anew while the model serves; null where they stay.</summary>
    public ExpertBalancer? Balancer { get; internal set; }

    /// <summary>Tokens travel row by row, and each of a data rank's sequence ranks starts with a share of them.</summary>
    internal bool UsesAllToAll => Layout.Dispatch == ExpertDispatch.AllToAll && Layout.ExpertRanks > 1;

    /// <summary>The group over which a block's partial results are added.</summary>
    internal ICommunicator Reduction => UsesAllToAll ? Tensor : Block;

    /// <summary>Whether what all ranks of <see cref="Reduction"/> compute alike is to be added by this one.</summary>
    internal bool AddsReplicated => UsesAllToAll || SequenceRank == 0;

    /// <summary>The part of <paramref name="total"/> that this tensor rank has.</summary>
    /// <exception cref="ParallelException">It does not divide.</exception>
    internal (long Start, long Length) Share(long total, string path, string what)
    {
        var ranks = Layout.Tensor;
        if (total % ranks != 0)
        {
            var fitting = Enumerable.Range(1, (int)Math.Min(total, 1024)).Where(n => total % n == 0).ToList();
            var near = string.Join(" or ", ((int[])[fitting.Last(n => n < ranks), fitting.FirstOrDefault(n => n > ranks)]).Where(n => n > 0));
            throw new ParallelException($"--tp {ranks}: {path}: expected a number that divides its {what}, {total}; {near} would do");
        }

        return (total / ranks * TensorRank, total / ranks);
    }

    /// <summary>A number of the first rank, on all.</summary>
    internal int FromFirst(int number)
    {
        using var value = tensor([(long)number], device: World.Device);
        World.Broadcast(value, 0);
        using var host = value.cpu();
        return (int)host.item<long>();
    }

    internal void Note(string line) => _notes.Add(line);

    /// <summary>Says of a module that knows no cut that each tensor rank has all of it.</summary>
    internal void NoteWhole(string path)
    {
        if (Layout.Tensor > 1)
        {
            Note($"{path}: whole on every rank, its kind is not cut");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Balancer?.Dispose();
        Experts.Dispose();
        Data.Dispose();
        Block.Dispose();
        Sequence.Dispose();
        Tensor.Dispose();
    }
}
