using Moesaic.Checkpoints;
using Moesaic.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Tests.Checkpoints;

public sealed class WeightLoaderTests : IDisposable
{
    private readonly CheckpointCase _case = new();

    public void Dispose() => _case.Dispose();

    [Fact]
    public void WholeParameter_LiesInTheFile()
    {
        _case.Write(("weight", arange(6, dtype: float32).reshape(2, 3)));
        using var model = new TestModule().With("weight", [2, 3]);
        nint mapped;
        using (var checkpoint = Checkpoint.Open(_case.Folder.ToString()))
        {
            mapped = checkpoint.Tensors["weight"].Address;
            WeightLoader.Load(WeightPlan.For(model, checkpoint, []), null, CPU);
        }

        Assert.Equal(mapped, BlobTensor.AddressOf(model["weight"]));
        Assert.Equal([0, 1, 2, 3, 4, 5], model["weight"].data<float>().ToArray());
        Assert.Same(model["weight"], model.state_dict()["weight"]);
    }

    [Fact]
    public void WriteToAMappedParameter_LeavesTheFileAlone()
    {
        _case.Write(("weight", arange(6, dtype: float32)));
        File.SetAttributes(_case.FilePath, FileAttributes.ReadOnly);
        var before = File.ReadAllBytes(_case.FilePath);
        using (var model = new TestModule().With("weight", [6]))
        {
            _case.Load(model);
            using (no_grad())
            {
                model["weight"].fill_(7);
            }

            Assert.Equal([7, 7, 7, 7, 7, 7], model["weight"].data<float>().ToArray());
        }

        Assert.Equal(before, File.ReadAllBytes(_case.FilePath));
        File.SetAttributes(_case.FilePath, FileAttributes.Normal);
    }

    [Fact]
    public void AnotherDtype_IsConvertedIntoMemoryOfItsOwn()
    {
        _case.Write(("weight", arange(6, dtype: float32)), ("kept", arange(2, dtype: bfloat16)));
        using var model = new TestModule().With("weight", [6]).With("kept", [2], dtype: float32);

        _case.Load(model, ScalarType.BFloat16);

        Assert.Equal(ScalarType.BFloat16, model["weight"].dtype);
        Assert.Equal(ScalarType.Float32, model["kept"].dtype);
        Assert.Equal([0, 1], model["kept"].data<float>().ToArray());
    }

    [Fact]
    public void UnalignedTensor_IsCopied()
    {
        RawSafetensors.Write(
            _case.FilePath,
            """{"mask":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]},"weight":{"dtype":"F32","shape":[2,2],"data_offsets":[3,19]}} """,
            19);
        using var model = new TestModule().With("weight", [2, 2]).With("mask", [1]);
        using var checkpoint = Checkpoint.Open(_case.Folder.ToString());
        Assert.False(checkpoint.Tensors["weight"].IsAligned);

        WeightLoader.Load(WeightPlan.For(model, checkpoint, []), null, CPU);

        Assert.NotEqual(checkpoint.Tensors["weight"].Address, BlobTensor.AddressOf(model["weight"]));
        Assert.Equal([0, 0, 0, 0], model["weight"].data<float>().ToArray());
    }

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public void StackedTensor_LiesInTheFileWhereGroupedProductsCanReadIt(int alignment)
    {
        const string header = """{"w":{"dtype":"F32","shape":[2,2,2],"data_offsets":[0,32]}}""";
        RawSafetensors.Write(_case.FilePath, header.PadRight((header.Length + 15) / 16 * 16 + (alignment == 8 ? 0 : 8)), 32);
        using var model = new TestModule().With("w", [2, 2, 2]);
        using var checkpoint = Checkpoint.Open(_case.Folder.ToString());

        WeightLoader.Load(WeightPlan.For(model, checkpoint, []), null, CPU);

        Assert.Equal(alignment == 16, checkpoint.Tensors["w"].Address == BlobTensor.AddressOf(model["w"]));
        Assert.Equal(0, BlobTensor.AddressOf(model["w"]) % 16);
    }

    [Fact]
    public void MixedDtypes_MeetInTheOneThatHoldsThem()
    {
        _case.Write(("gate", ones(2, 2, dtype: float16)), ("up", full(2, 2, 3, dtype: bfloat16)));
        using var model = new TestModule(
            new("gate", "w") { Slice = WeightSlice.FirstHalf },
            new("up", "w") { Slice = WeightSlice.SecondHalf }).With("w", [4, 2]);

        _case.Load(model);

        Assert.Equal([1, 1, 1, 1, 3, 3, 3, 3], model["w"].data<float>().ToArray());
    }

    [Fact]
    public void Shards_FillOneParameter()
    {
        SafetensorsWriter.Write(_case.Folder["1.safetensors"], ("0.w", full(2, 2, 100f)), ("1.w", full(2, 2, 101f)));
        SafetensorsWriter.Write(_case.Folder["2.safetensors"], ("2.w", full(2, 2, 102f)), ("norm", ones(2)));
        CheckpointIndex.Write(
            _case.Folder.ToString(),
            new Dictionary<string, string> { ["0.w"] = "1.safetensors", ["1.w"] = "1.safetensors", ["2.w"] = "2.safetensors", ["norm"] = "2.safetensors" },
            56);
        using var model = new TestModule(new WeightRule("{e}.w", "w")).With("w", [3, 2, 2]).With("norm", [2]);

        _case.Load(model);

        Assert.Equal([100, 101, 102], model["w"].select(1, 0).select(1, 0).contiguous().data<float>().ToArray());
        Assert.Equal([1, 1], model["norm"].data<float>().ToArray());
    }

    [Fact]
    public void Integers_FillAParameterThatKeepsThem()
    {
        _case.Write(("table", arange(3)));
        using var model = new TestModule().With("table", [3], dtype: int64);
        _case.Load(model, ScalarType.BFloat16);
        Assert.Equal([0, 1, 2], model["table"].data<long>().ToArray());
    }

    [Fact]
    public void EmptyAndScalarParameters_AreLoaded()
    {
        _case.Write(("scale", tensor(3f)), ("none", empty(0, 2)));
        using var model = new TestModule(new WeightRule("{e}", "experts")).With("scale", []).With("none", [0, 2]).With("experts", [0, 2]);

        _case.Load(model);

        Assert.Equal(3, model["scale"].item<float>());
        Assert.Equal([0, 2], model["none"].shape);
        Assert.Equal(DeviceType.CPU, model["experts"].device_type);
    }

    [Fact]
    public void Progress_EndsAtTheTotal()
    {
        _case.Write(("a", zeros(2)), ("b", zeros(3)));
        using var model = new TestModule().With("b", [3]).With("a", [2]);
        using var checkpoint = Checkpoint.Open(_case.Folder.ToString());
        var progress = new RecordedProgress();

        WeightLoader.Load(WeightPlan.For(model, checkpoint, []), null, CPU, progress);

        Assert.Equal([new("a", 8, 20), new("b", 20, 20)], progress.Reports);
    }

    [Fact]
    public void LoadedTwice_KeepsTheSecond()
    {
        using var model = new TestModule().With("w", [2]);
        _case.Write(("w", zeros(2)));
        _case.Load(model);
        _case.Write(("w", ones(2))); // Another file of the same name: the first stays mapped.
        _case.Load(model);

        Assert.Equal([1, 1], model["w"].data<float>().ToArray());
    }

    [Fact]
    public void FailedLoad_LeavesTheModelAloneAndNothingBehind()
    {
        _case.Write(("a", zeros(2)), ("b", zeros(2)), ("c", zeros(2)));
        using var model = new TestModule().With("a", [2]).With("b", [2], dtype: bfloat16).With("c", [2]);
        using var checkpoint = Checkpoint.Open(_case.Folder.ToString());
        var plan = WeightPlan.For(model, checkpoint, []);
        using var tensors = new NewTensors();

        Assert.Throws<TimeoutException>(() => WeightLoader.Load(plan, null, CPU, new RecordedProgress { FailsAt = "b" }));

        Assert.Equal(0, tensors.Count);
        Assert.Equal(DeviceType.META, model["a"].device_type);
    }

    [Fact]
    public void Load_LeavesNoTensorButTheParameters()
    {
        _case.Write(("0.w", zeros(2, 2)), ("1.w", zeros(2, 2)), ("v", zeros(4, 2)), ("x", zeros(2, dtype: bfloat16)));
        using var model = new TestModule(new("{e}.w", "w") { Transposed = true, Interleaved = true }, new("v", "v") { Interleaved = true })
            .With("w", [2, 2, 2]).With("v", [4, 2]).With("x", [2], dtype: float32);
        using var checkpoint = Checkpoint.Open(_case.Folder.ToString());
        var plan = WeightPlan.For(model, checkpoint, []);
        using var scope = NewDisposeScope();
        using var tensors = new NewTensors();

        WeightLoader.Load(plan, null, CPU);

        // TorchSharp counts a parameter twice: as the tensor it was made of, which is empty then, and as itself.
        Assert.Equal(3, tensors.Count);
        Assert.Equal(0, scope.DisposablesCount);
        scope.Dispose();
        Assert.False(model["x"].IsInvalid);
    }

    [Fact]
    public void DisposedModel_LetsGoOfTheFile()
    {
        _case.Write(("w", zeros(2)));
        var model = new TestModule().With("w", [2]);
        _case.Load(model);
        Assert.Equal(1, Mappings());
        model.Dispose();
        Assert.Equal(0, Mappings());
    }

    [Fact]
    public void CopiedParameters_DoNotHoldTheFile()
    {
        _case.Write(("w", zeros(2)));
        using var model = new TestModule().With("w", [2]);
        _case.Load(model, ScalarType.BFloat16);
        Assert.Equal(0, Mappings());
    }

    [Fact]
    public void DisposedCheckpoint_IsRefused()
    {
        _case.Write(("w", zeros(2)));
        using var model = new TestModule().With("w", [2]);
        var plan = _case.Plan(model);
        Assert.Throws<ObjectDisposedException>(() => WeightLoader.Load(plan, null, CPU));
    }

    private int Mappings() => OperatingSystem.IsLinux()
        ? File.ReadLines("/proc/self/maps").Count(line => line.EndsWith(_case.FilePath, StringComparison.Ordinal))
        : 0;

    private sealed class RecordedProgress : IProgress<LoadProgress>
    {
        public List<LoadProgress> Reports { get; } = [];

        public string? FailsAt { get; init; }

        public void Report(LoadProgress value)
        {
            Reports.Add(value);
            if (value.Tensor == FailsAt)
            {
                throw new TimeoutException();
            }
        }
    }
}
