using Moesaic.Kernels;
using Moesaic.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>Quantized weights of routed experts in the memory of a device: the codes of the checkpoint, gate rows before up rows, and their scales.</summary>
internal abstract class DeviceWeights : QuantizedWeights, IDisposable
{
    private protected DeviceWeights(MappedWeights source, long rowBytes, Device device)
    {
        var (experts, rows, columns) = source.Shape;
        (Rows, Columns, Format) = (rows, columns, source.Format);
        Codes = empty([experts, rows, rowBytes], ScalarType.Byte, device).DetachFromDisposeScope();
    }

    /// <summary>[E, rows, bytes].</summary>
    internal Tensor Codes { get; }

    /// <summary>Rows and columns of scales of each expert.</summary>
    internal abstract Tensor Scales { get; }

    /// <summary>As kernels take them.</summary>
    internal abstract DeviceMatrices Matrices { get; }

    internal override DeviceType DeviceType => Codes.device_type;

    internal override QuantizedFormat Format { get; }

    internal override long ByteLength => BytesOf(Codes) + BytesOf(Scales);

    private protected long Rows { get; }

    private protected long Columns { get; }

    /// <summary>Copies codes and scales to a device.</summary>
    internal static DeviceWeights Upload(MappedWeights source, Device device)
    {
        using var scope = NewDisposeScope();
        DeviceWeights weights = source.Format == QuantizedFormat.Fp8 ? new E4M3DeviceWeights(source, device) : new E2M1DeviceWeights(source, device);
        try
        {
            weights.Fill(source);
            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Codes.Dispose();
        Scales.Dispose();
    }

    /// <summary>The codes of the checkpoint as kernels read them.</summary>
    private protected virtual Tensor Arrange(Tensor codes) => codes;

    /// <summary>Scales of rows of an expert, from a row of this matrix on.</summary>
    private protected abstract void FillScales(StoredRows rows, long expert, long start, long count);

    /// <summary>Looks at what is there: whether kernels can compute with it.</summary>
    internal abstract void Examine();

    private static long BytesOf(Tensor tensor) => tensor.NumberOfElements * tensor.element_size();

    private void Fill(MappedWeights source)
    {
        WeightSlice[] slices = source.IsInHalves ? [WeightSlice.FirstHalf, WeightSlice.SecondHalf] : [WeightSlice.Whole];
        var count = Rows / slices.Length;
        for (var expert = 0; expert < Codes.size(0); expert++)
        {
            for (var i = 0; i < slices.Length; i++)
            {
                using var scope = NewDisposeScope();
                var rows = source.RowsOf(expert, slices[i]);
                Codes[expert].narrow(0, i * count, count).copy_(Arrange(CodesOf(rows, count).to(Codes.device)));
                FillScales(rows, expert, i * count, count);
            }
        }

        Examine();
    }

    private static Tensor CodesOf(StoredRows rows, long count)
    {
        var stored = rows.Tensor.Matrix(rows.Matrix);
        return rows.RowStep == 1
            ? BlobTensor.Over(stored.Values + (nint)(rows.FirstRow * stored.RowBytes), [count, stored.RowBytes], ScalarType.Byte)
            : BlobTensor.Over(stored.Values, [count, rows.RowStep, stored.RowBytes], ScalarType.Byte).select(1, rows.FirstRow);
    }
}
