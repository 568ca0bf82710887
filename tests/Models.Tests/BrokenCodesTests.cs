using System.Buffers.Binary;
using Moesaic.Checkpoints;
using static TorchSharp.torch;

namespace Moesaic.Models.Tests;

/// <summary>fp8 codes that are no numbers, of which vectors would make some.</summary>
public sealed class BrokenCodesTests : IDisposable
{
    private const int Row = 3;
    private const int Column = 5;

    private readonly string _folder = Directory.CreateTempSubdirectory("moesaic-broken-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("deepseek_v3_fp8", 0x7f)]
    [InlineData("deepseek_v3_fp8", 0xff)]
    [InlineData("qwen3_moe_fp8", 0x7f)]
    public void FusedExperts_RefuseThem(string config, byte code)
    {
        SyntheticCheckpoint.Write(Path.Combine(TestData.Root, "tests", "data", "gpu", config, "config.json"), _folder, seed: 3, dtype: bfloat16);
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        using var ids = tensor(new[] { 5L, 17, 42, 99 }, [1, 4]);
        using (var model = Load())
        {
            using var logits = model.Network.forward(ids);
            Assert.True(logits.isfinite().all().item<bool>());
        }

        Break(code);

        using var broken = Load();
        var error = Assert.Throws<CheckpointException>(() => broken.Network.forward(ids));
        Assert.Contains("experts", error.Message, StringComparison.Ordinal);
        Assert.Contains($"expected fp8 codes of numbers, found one that is none in matrix", error.Message, StringComparison.Ordinal);
        Assert.Contains($"row {Row}, column {Column}", error.Message, StringComparison.Ordinal);
    }

    private PretrainedModel Load() => PretrainedModel.Load(_folder, new() { Experts = ExpertsBackend.Fused });

    /// <summary>Writes a code into the gate of every expert.</summary>
    private void Break(byte code)
    {
        var places = new HashSet<(string File, long Offset)>();
        using (var model = Load())
        {
            foreach (var experts in model.Network.modules().OfType<FusedExperts>())
            {
                var mapped = Assert.IsType<MappedWeights>(experts.Parameters.First().Quantized);
                for (var expert = 0; expert < mapped.Shape.Experts; expert++)
                {
                    var (tensor, matrix, first, _) = mapped.RowsOf(expert, WeightSlice.FirstHalf);
                    var columns = mapped.Shape.Columns;
                    var rows = tensor.Values.Shape[^2];
                    places.Add((tensor.Values.File, tensor.Values.Offset + (((matrix * rows) + first + Row) * columns) + Column));
                }
            }
        }

        Assert.NotEmpty(places);
        foreach (var (file, offset) in places)
        {
            using var stream = File.Open(file, FileMode.Open);
            var length = new byte[sizeof(long)];
            stream.ReadExactly(length);
            stream.Position = length.Length + BinaryPrimitives.ReadInt64LittleEndian(length) + offset;
            stream.WriteByte(code);
        }
    }
}
