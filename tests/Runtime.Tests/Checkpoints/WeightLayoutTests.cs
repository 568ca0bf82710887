using Moesaic.Checkpoints;
using static TorchSharp.torch;

namespace Moesaic.Tests.Checkpoints;

/// <summary>Values that say where they come from: 100 + e for gate, 300 + e for up, 200 + e for down; each row and column adds its own thousandth part.</summary>
public sealed class WeightLayoutTests : IDisposable
{
    // E experts, F expert width, D hidden
    private const int E = 3;
    private const int F = 4;
    private const int D = 5;

    private readonly CheckpointCase _case = new();

    public void Dispose() => _case.Dispose();

    [Fact]
    public void PerExpert_GoesIntoHalves()
    {
        _case.Write([.. Enumerable.Range(0, E).SelectMany(e => new[]
        {
            ($"mlp.experts.{e}.w1.weight", Gate[e]),
            ($"mlp.experts.{e}.w3.weight", Up[e]),
            ($"mlp.experts.{e}.w2.weight", Down[e]),
        })]);

        Check(Experts(
            new("experts.{e}.w1.weight", "experts.w13") { Slice = WeightSlice.FirstHalf },
            new("experts.{e}.w3.weight", "experts.w13") { Slice = WeightSlice.SecondHalf },
            new("experts.{e}.w2.weight", "experts.w2")));
    }

    [Fact]
    public void PerExpert_GateAndUpTogether()
    {
        _case.Write([.. Enumerable.Range(0, E).SelectMany(e => new[]
        {
            ($"mlp.experts.{e}.gate_up", cat([Gate[e], Up[e]])),
            ($"mlp.experts.{e}.down", Down[e].t()),
        })]);

        Check(Experts(new("experts.{e}.gate_up", "experts.w13"), new("experts.{e}.down", "experts.w2") { Transposed = true }));
    }

    [Fact]
    public void Stacked_Together()
    {
        _case.Write(("mlp.input.weight", cat([Gate, Up], 1)), ("mlp.output.weight", Down));
        Check(Experts(new("input.weight", "experts.w13"), new("output.weight", "experts.w2")));
    }

    [Fact]
    public void Stacked_Apart()
    {
        _case.Write(("mlp.gate", Gate), ("mlp.up", Up), ("mlp.down", Down));
        Check(Experts(
            new("gate", "experts.w13") { Slice = WeightSlice.FirstHalf },
            new("up", "experts.w13") { Slice = WeightSlice.SecondHalf },
            new("down", "experts.w2")));
    }

    [Fact]
    public void Stacked_Transposed()
    {
        _case.Write(("mlp.gate_up", cat([Gate, Up], 1).transpose(1, 2)), ("mlp.down", Down.transpose(1, 2)));
        Check(Experts(new("gate_up", "experts.w13") { Transposed = true }, new("down", "experts.w2") { Transposed = true }));
    }

    [Fact]
    public void Stacked_ApartAndTransposed()
    {
        _case.Write(("mlp.gate", Gate.transpose(1, 2)), ("mlp.up", Up.transpose(1, 2)), ("mlp.down", Down));
        Check(Experts(
            new("gate", "experts.w13") { Slice = WeightSlice.FirstHalf, Transposed = true },
            new("up", "experts.w13") { Slice = WeightSlice.SecondHalf, Transposed = true },
            new("down", "experts.w2")));
    }

    [Fact]
    public void Interleaved_IsDealtIntoHalves()
    {
        _case.Write(("mlp.gate_up", Alternate(Gate, Up)), ("mlp.down", Down));
        Check(Experts(new("gate_up", "experts.w13") { Interleaved = true }, new("down", "experts.w2")));
    }

    [Fact]
    public void InterleavedAndTransposed_IsDealtIntoHalves()
    {
        _case.Write(("mlp.gate_up", Alternate(Gate, Up).transpose(1, 2)), ("mlp.down", Down));
        Check(Experts(new("gate_up", "experts.w13") { Interleaved = true, Transposed = true }, new("down", "experts.w2")));
    }

    [Fact]
    public void InterleavedPerExpert_IsDealtIntoHalves()
    {
        _case.Write([("mlp.down", Down), .. Enumerable.Range(0, E).Select(e => ($"mlp.{e}.gate_up", Alternate(Gate, Up)[e]))]);
        Check(Experts(new("{e}.gate_up", "experts.w13") { Interleaved = true }, new("down", "experts.w2")));
    }

    [Fact]
    public void Flat_IsSeenAsStacked()
    {
        _case.Write(("mlp.w1", Gate.reshape(E * F, D)), ("mlp.v1", Up.reshape(E * F, D)), ("mlp.w2", Down.transpose(1, 2).reshape(E * F, D)));
        Check(Experts(
            new("w1", "experts.w13") { Slice = WeightSlice.FirstHalf, Flat = true },
            new("v1", "experts.w13") { Slice = WeightSlice.SecondHalf, Flat = true },
            new("w2", "experts.w2") { Flat = true, Transposed = true }));
    }

    [Fact]
    public void FlatTogether_IsSeenAsStacked()
    {
        _case.Write(("mlp.gate_up", cat([Gate, Up], 1).reshape(E * 2 * F, D)), ("mlp.down", Down.reshape(E * D, F)));
        Check(Experts(new("gate_up", "experts.w13") { Flat = true }, new("down", "experts.w2") { Flat = true }));
    }

    [Fact]
    public void StackedBias_GoesIntoHalvesOfItsLastDimension()
    {
        _case.Write(("mlp.gate_bias", Gate.select(2, 0)), ("mlp.up_bias", Up.select(2, 0)));
        CheckBias(
            new("gate_bias", "experts.w13_bias") { Slice = WeightSlice.FirstHalf },
            new("up_bias", "experts.w13_bias") { Slice = WeightSlice.SecondHalf });
    }

    [Fact]
    public void InterleavedBias_IsDealtIntoHalves()
    {
        _case.Write(("mlp.gate_up_bias", stack([Gate.select(2, 0), Up.select(2, 0)], 2).reshape(E, 2 * F)));
        CheckBias(new WeightRule("gate_up_bias", "experts.w13_bias") { Interleaved = true });
    }

    [Fact]
    public void BiasPerExpert_GoesIntoHalves()
    {
        _case.Write([.. Enumerable.Range(0, E).SelectMany(e => new[] { ($"mlp.{e}.gate.bias", Gate[e].select(1, 0)), ($"mlp.{e}.up.bias", Up[e].select(1, 0)) })]);
        CheckBias(
            new("{e}.gate.bias", "experts.w13_bias") { Slice = WeightSlice.FirstHalf },
            new("{e}.up.bias", "experts.w13_bias") { Slice = WeightSlice.SecondHalf });
    }

    [Fact]
    public void HalvesOfADenseWeight_AreThoseOfItsRows()
    {
        _case.Write(("gate.weight", Gate[0]), ("up.weight", Up[0]));
        using var model = new TestModule(
            new("gate.weight", "gate_up") { Slice = WeightSlice.FirstHalf },
            new("up.weight", "gate_up") { Slice = WeightSlice.SecondHalf }).With("gate_up", [2 * F, D]);

        _case.Load(model);

        Same(cat([Gate[0], Up[0]]), model["gate_up"]);
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void EveryFloat_ConvertsToEveryOther(ScalarType stored)
    {
        _case.Write(("mlp.gate", Gate.to(stored)), ("mlp.up", Up.to(stored).transpose(1, 2)), ("mlp.down", Down.to(stored)));
        foreach (var dtype in new[] { ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16 })
        {
            using var experts = new TestModule().With("w13", [E, 2 * F, D]).With("w2", [E, D, F]);
            using var model = new TestModule().With("mlp", new TestModule(
                new("gate", "experts.w13") { Slice = WeightSlice.FirstHalf },
                new("up", "experts.w13") { Slice = WeightSlice.SecondHalf, Transposed = true },
                new("down", "experts.w2")).With("experts", experts));

            _case.Load(model, dtype);

            Assert.Equal(dtype, experts["w13"].dtype);
            Assert.Equal(dtype, experts["w2"].dtype);
            Same(cat([Gate, Up], 1).to(stored).to(dtype), experts["w13"]);
            Same(Down.to(stored).to(dtype), experts["w2"]);
        }
    }

    private static Tensor Gate => Telling(100, F, D);

    private static Tensor Up => Telling(300, F, D);

    private static Tensor Down => Telling(200, D, F);

    private static Tensor Telling(int origin, int rows, int columns) =>
        origin + arange(E).reshape(E, 1, 1) + (arange(rows).reshape(1, rows, 1) / 16.0) + (arange(columns).reshape(1, 1, columns) / 256.0);

    private static Tensor Alternate(Tensor gate, Tensor up) => stack([gate, up], 2).reshape(E, 2 * F, D);

    private static void Same(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        if (expected.numel() > 0)
        {
            Assert.Equal(expected.to(float64).cpu().contiguous().data<double>().ToArray(), actual.to(float64).contiguous().data<double>().ToArray());
        }
    }

    private static WeightRule[] Experts(params WeightRule[] rules) => rules;

    private void Check(WeightRule[] rules)
    {
        using var experts = new TestModule().With("w13", [E, 2 * F, D]).With("w2", [E, D, F]);
        using var model = new TestModule().With("block", new TestModule(rules).With("experts", experts), "mlp");

        _case.Load(model, ScalarType.Float32);

        Same(cat([Gate, Up], 1), experts["w13"]);
        Same(Down, experts["w2"]);
        CheckWriting(model);
        foreach (var (up, down) in Cuts)
        {
            using var part = new TestModule().With("w13", [E, 2 * F, D]).With("w2", [E, D, F]).Keep("w13", up).Keep("w2", down);
            using var rank = new TestModule().With("block", new TestModule(rules).With("experts", part), "mlp");

            _case.Load(rank, ScalarType.Float32);

            Same(up.Of(experts["w13"]), part["w13"]);
            Same(down.Of(experts["w2"]), part["w2"]);
        }
    }

    /// <summary>Parts that ranks have of w13 and w2: some experts, twice, in another order or none; some of the rows and columns.</summary>
    private static IEnumerable<(ParameterCut W13, ParameterCut W2)> Cuts =>
        from experts in new int[]?[] { null, [], [1], [1, 2], [2, 0, 2] }
        from width in new[] { (Start: -1L, Length: 0L), (0, 2), (2, 2), (1, 1) }
        select width.Start < 0
            ? (new ParameterCut(experts), new ParameterCut(experts))
            : (new ParameterCut(experts, 1, width.Start, width.Length, Halves: true), new ParameterCut(experts, 2, width.Start, width.Length));

    /// <summary>Writing gives the very tensors that were read.</summary>
    private void CheckWriting(ExplicitModule model)
    {
        using var folder = new TemporaryFolder();
        CheckpointWriter.Write(model, folder[CheckpointWriter.FileName]);
        using var read = Checkpoint.Open(_case.Folder.ToString());
        using var written = Checkpoint.Open(folder.ToString());

        Assert.Equal(read.Tensors.Keys.Order(), written.Tensors.Keys.Order());
        Assert.All(read.Tensors.Values, tensor =>
        {
            var shape = tensor.Shape.ToArray();
            using var before = tensor.ToTensor(shape);
            using var after = written.Tensors[tensor.Name].ToTensor([.. written.Tensors[tensor.Name].Shape]);
            Same(before, after);
        });
    }

    private void CheckBias(params WeightRule[] rules)
    {
        using var experts = new TestModule().With("w13_bias", [E, 2 * F]);
        using var model = new TestModule().With("mlp", new TestModule(rules).With("experts", experts));

        _case.Load(model, ScalarType.Float32);

        Same(cat([Gate.select(2, 0), Up.select(2, 0)], 1), experts["w13_bias"]);
        CheckWriting(model);
        foreach (var (cut, _) in Cuts)
        {
            using var part = new TestModule().With("w13_bias", [E, 2 * F]).Keep("w13_bias", cut);
            using var rank = new TestModule().With("mlp", new TestModule(rules).With("experts", part));

            _case.Load(rank, ScalarType.Float32);

            Same(cut.Of(experts["w13_bias"]), part["w13_bias"]);
        }
    }
}
