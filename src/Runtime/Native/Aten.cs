using static TorchSharp.torch;

namespace Moesaic.Native;

/// <summary>Operators of libtorch that TorchSharp lacks, or has without the arguments we need.</summary>
/// <remarks>Arguments are checked here: what libtorch itself refuses ends as a C++ trace on the user's terminal.</remarks>
internal static class Aten
{
    /// <summary>The rows of one expert after the other, each times that expert's matrix.</summary>
    /// <param name="rows">[R, N], dense, float32, bfloat16 or float16; N · element size a multiple of 16 bytes.</param>
    /// <param name="matrices">[E, N, M], the transpose of a dense [E, M, N] that begins at a multiple of 16 bytes; dtype of the rows.</param>
    /// <param name="offsets">[E] int32: where each expert's rows end.</param>
    /// <returns>[R, M]; there may be gaps between its rows.</returns>
    /// <exception cref="ArgumentException">Shapes or dtypes do not fit together.</exception>
    internal static Tensor GroupedMm(Tensor rows, Tensor matrices, Tensor offsets)
    {
        if (rows.ndim != 2 || matrices.ndim != 3 || offsets.ndim != 1 || rows.size(1) != matrices.size(1) || matrices.size(0) != offsets.size(0))
        {
            throw new ArgumentException($"expected [R, N], [E, N, M] and [E], got {Shape(rows)}, {Shape(matrices)} and {Shape(offsets)}");
        }

        if (rows.dtype != matrices.dtype || offsets.dtype != ScalarType.Int32)
        {
            throw new ArgumentException($"expected two of one dtype and Int32, got {rows.dtype}, {matrices.dtype} and {offsets.dtype}");
        }

        if (rows.size(1) * rows.element_size() % 16 != 0 || !IsAligned(matrices))
        {
            throw new ArgumentException("expected rows of a multiple of 16 bytes, and matrices that begin at one");
        }

        using var call = new DispatcherCall();
        return call.Add(rows).Add(matrices).AddOptional(offsets).AddNone().AddNone().Invoke("aten::_grouped_mm"u8, ""u8);
    }

    /// <summary>softmax(q kᵀ · scale + mask) v.</summary>
    /// <param name="query">[B, H, T, d].</param>
    /// <param name="key">[B, G, S, d], H a multiple of G.</param>
    /// <param name="value">[B, G, S, v].</param>
    /// <param name="mask">Broadcasts to [B, H, T, S]: bool, true where a query sees a key, or numbers that are added; null for none.</param>
    /// <param name="isCausal">A query sees the keys up to its own position; without a mask.</param>
    /// <param name="scale">Null for 1 / √d.</param>
    /// <returns>[B, H, T, v].</returns>
    /// <exception cref="ArgumentException">Shapes or dtypes do not fit together.</exception>
    internal static Tensor ScaledDotProductAttention(
        Tensor query, Tensor key, Tensor value, Tensor? mask = null, bool isCausal = false, double? scale = null)
    {
        if (query.ndim != 4 || key.ndim != 4 || value.ndim != 4 || query.size(3) != key.size(3) || key.size(2) != value.size(2)
            || query.size(0) != key.size(0) || key.size(0) != value.size(0) || key.size(1) != value.size(1) || query.size(1) % key.size(1) != 0)
        {
            throw new ArgumentException($"expected [B, H, T, d], [B, G, S, d] and [B, G, S, v], got {Shape(query)}, {Shape(key)} and {Shape(value)}");
        }

        if (query.dtype != key.dtype || key.dtype != value.dtype || (mask is not null && mask.dtype != ScalarType.Bool && mask.dtype != query.dtype))
        {
            throw new ArgumentException($"expected one dtype, got {query.dtype}, {key.dtype}, {value.dtype} and a mask of {mask?.dtype}");
        }

        if (isCausal && mask is not null)
        {
            throw new ArgumentException("expected a mask or isCausal, got both");
        }

        using var call = new DispatcherCall();
        return call.Add(query).Add(key).Add(value).AddOptional(mask).Add(0.0).Add(isCausal).AddOptional(scale).Add(query.size(1) != key.size(1))
            .Invoke("aten::scaled_dot_product_attention"u8, ""u8);
    }

    /// <summary>x / sqrt(mean(x²) + eps) · weight over the last dimension.</summary>
    /// <param name="weight">[D], in the dtype of <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The weight does not fit.</exception>
    internal static Tensor RmsNorm(Tensor x, Tensor weight, double eps)
    {
        if (weight.ndim != 1 || x.ndim == 0 || x.size(-1) != weight.size(0) || x.dtype != weight.dtype)
        {
            throw new ArgumentException($"expected […, D] and [D] of one dtype, got {Shape(x)} {x.dtype} and {Shape(weight)} {weight.dtype}");
        }

        using var call = new DispatcherCall();
        return call.Add(x).Add([weight.size(0)]).AddOptional(weight).AddOptional(eps).Invoke("aten::rms_norm"u8, ""u8);
    }

    /// <summary>The same bytes read as another dtype; the last dimension grows or shrinks where their sizes differ.</summary>
    /// <exception cref="ArgumentException">The last dimension does not hold whole elements of <paramref name="dtype"/>.</exception>
    internal static Tensor View(Tensor tensor, ScalarType dtype)
    {
        using var probe = empty(0, dtype);
        if (!tensor.is_contiguous() || tensor.ndim == 0 || tensor.size(-1) * tensor.element_size() % probe.element_size() != 0)
        {
            throw new ArgumentException($"expected dense rows of whole {dtype} elements, got {Shape(tensor)} {tensor.dtype}");
        }

        using var call = new DispatcherCall();
        return call.Add(tensor).Add(dtype).Invoke("aten::view"u8, "dtype"u8);
    }

    /// <summary>Where the first element lies, on any device; 0 on the meta device. Valid while the tensor lives.</summary>
    internal static nint DataPointer(Tensor tensor)
    {
        OperatorException.ThrowIfFailed(StableAbi.GetDataPointer(tensor.Handle, out var data), "a tensor's address"u8);
        return data;
    }

    /// <summary>The first element lies at a multiple of 16 bytes: a tensor mapped from a file need not.</summary>
    internal static bool IsAligned(Tensor tensor) => DataPointer(tensor) % 16 == 0;

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}
