using Moesaic.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Kernels;

/// <summary>Kernels of our own for what modules do with few rows on an NVIDIA GPU: fewer launches, each weight read once.</summary>
/// <remarks>Each is null where it does not take the call: libtorch then does it. They compute no gradients.</remarks>
internal static class SmallBatch
{
    // Beyond, libtorch's products are as fast.
    private const int MostRows = 16;
    private const int RowAlignment = 8;

    // A router's product: hardly more than a launch, which libtorch's takes twice as long for.
    private const int MostRowsOfFewColumns = 64;
    private const int FewColumns = 512;

    /// <summary>False for what libtorch does alone: a reference.</summary>
    internal static bool IsEnabled { get; set; } = true;

    // Where a product has fewer blocks than fit at once, more warps share each.
    private const int ManyBlocks = 264;

    // Libtorch's products come nearer to the memory's bandwidth with as many columns.
    private const int MostColumns = 1 << 15;

    // Of products with few blocks and with many, for up to 8 rows and for more: the fastest of those that were measured.
    private static readonly TileShape[] Tiles =
    [
        new(RowTiles: 1, TokenTiles: 1, Depth: 8, Warps: 16), new(RowTiles: 1, TokenTiles: 1, Depth: 4, Warps: 8),
        new(RowTiles: 1, TokenTiles: 2, Depth: 4, Warps: 16), new(RowTiles: 1, TokenTiles: 2, Depth: 2, Warps: 8),
    ];

    /// <summary>All that can be asked for.</summary>
    internal static IEnumerable<KernelName> Names(KernelTarget target) =>
    [
        new(ExpertKernel.RmsNorm, target),
        .. Tiles.Select(tile => new KernelName(ExpertKernel.Product, target) { Tile = tile }),
        .. DecodeAttention.Names(target),
    ];

    /// <summary>What <see cref="Moesaic.RmsNorm"/> does, of any number of rows.</summary>
    internal static Tensor? RmsNorm(Tensor x, Tensor weight, double eps)
    {
        if (!Takes(x, weight) || x.shape[^1] % RowAlignment != 0 || !IsDense(x) || !IsDense(weight) || Gpu(x) is not { } gpu)
        {
            return null;
        }

        var kernel = gpu.Kernels.Get(new(ExpertKernel.RmsNorm, gpu.Kernels.Target));
        var result = empty_like(x);
        var width = (int)x.shape[^1];
        gpu.Device.MakeCurrent();
        kernel.Function.Launch(
            Shape(gpu, kernel, x.numel() / width), gpu.Device.TorchStream(),
            Aten.DataPointer(x), Aten.DataPointer(weight), Aten.DataPointer(result), width, (float)eps);
        return result;
    }

    /// <summary>What <see cref="Moesaic.Linear"/> does.</summary>
    internal static Tensor? Linear(Tensor x, Tensor weight, Tensor? bias)
    {
        if (!Takes(x, weight) || !Fits(x, weight) || Gpu(x) is not { } gpu)
        {
            return null;
        }

        var result = empty([.. x.shape[..^1], weight.shape[0]], dtype: x.dtype, device: x.device);
        Product(gpu, x, weight.shape[0], Aten.DataPointer(result), (weight, bias));
        return result;
    }

    /// <summary>Three of them on the same rows at once: views of one tensor.</summary>
    internal static (Tensor First, Tensor Second, Tensor Third)? Linear(Tensor x, Linear first, Linear second, Linear third)
    {
        if (!Takes(x, first.Weight) || !Fits(x, first.Weight) || !Fits(x, second.Weight) || !Fits(x, third.Weight) || Gpu(x) is not { } gpu)
        {
            return null;
        }

        var (a, b, c) = (first.Weight.shape[0], second.Weight.shape[0], third.Weight.shape[0]);
        var result = empty([.. x.shape[..^1], a + b + c], dtype: x.dtype, device: x.device);
        Product(gpu, x, a + b + c, Aten.DataPointer(result), (first.Weight, first.Bias), (second.Weight, second.Bias), (third.Weight, third.Bias));
        return (result.narrow(-1, 0, a), result.narrow(-1, a, b), result.narrow(-1, a + b, c));
    }

    /// <summary>The GPU of a tensor, where there are kernels for it.</summary>
    internal static GpuExperts? Gpu(Tensor x)
    {
        var gpu = GpuExperts.Of(x.device_index);
        return gpu.HasSmallBatch ? gpu : null;
    }

    /// <summary>Numbers that kernels compute with, and nobody who wants gradients.</summary>
    internal static bool Takes(Tensor x, Tensor weight) =>
        IsEnabled && x.device_type == DeviceType.CUDA && x.dtype == ScalarType.BFloat16 && weight.dtype == ScalarType.BFloat16
        && !(is_grad_enabled() && (x.requires_grad || weight.requires_grad));

    internal static LaunchShape Shape(GpuExperts gpu, LoadedKernel kernel, long gridX, long gridY = 1) =>
        new(gridX, gridY, kernel.Threads, kernel.SharedBytes(), StartsEarly: gpu.Kernels.Target.HasEarlyStart);

    private static bool Fits(Tensor x, Tensor weight) =>
        IsSmall(x.numel() / x.shape[^1], weight.shape[0]) && IsDense(x) && IsDense(weight)
        && weight.dtype == x.dtype && weight.shape[1] % 32 == 0 && weight.shape[0] >= 16 && weight.shape[0] <= MostColumns;

    private static bool IsDense(Tensor tensor) => tensor.is_contiguous() && Aten.IsAligned(tensor);

    private static bool IsSmall(long rows, long columns) => rows > 0 && (rows <= MostRows || (rows <= MostRowsOfFewColumns && columns <= FewColumns));

    private static void Product(GpuExperts gpu, Tensor x, long stride, nint result, params ReadOnlySpan<(Tensor Weight, Tensor? Bias)> weights)
    {
        var depth = (int)x.shape[^1];
        var rows = (int)(x.numel() / depth);
        var tile = Tiles[(rows > 8 ? 2 : 0) + (stride / 16 > ManyBlocks ? 1 : 0)];
        var kernel = gpu.Kernels.Get(new(ExpertKernel.Product, gpu.Kernels.Target) { Tile = tile });
        var arguments = (stackalloc KernelArgument[16]);
        arguments[0] = Aten.DataPointer(x);
        arguments[1] = rows;
        arguments[2] = depth;
        arguments[3] = (int)stride;
        var blocks = 0L;
        for (var i = 0; i < 3; i++)
        {
            var columns = 0;
            if (i < weights.Length)
            {
                columns = (int)weights[i].Weight.shape[0];
                arguments[4 + (4 * i)] = Aten.DataPointer(weights[i].Weight);
                arguments[5 + (4 * i)] = weights[i].Bias is { } bias ? Aten.DataPointer(bias) : 0;
                arguments[6 + (4 * i)] = result;
                result += columns * sizeof(ushort);
                blocks += (columns + (16 * tile.RowTiles) - 1) / (16 * tile.RowTiles);
            }

            arguments[7 + (4 * i)] = columns;
        }

        gpu.Device.MakeCurrent();
        kernel.Function.Launch(Shape(gpu, kernel, blocks, (rows + tile.Tokens - 1) / tile.Tokens), gpu.Device.TorchStream(), arguments);
    }
}
