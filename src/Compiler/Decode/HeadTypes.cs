namespace Moesaic.Kernels;

/// <summary>The types that the attention kernel is made with for a head width, and what it needs then.</summary>
internal static class HeadTypes
{
    internal static KernelEntry Attention(int width)
    {
        Type head = width switch
        {
            64 => typeof(Head64),
            128 => typeof(Head128),
            _ => throw new ArgumentOutOfRangeException(nameof(width), width, "expected 64 or 128"),
        };
        var method = KernelCatalog.Method(
            typeof(DecodeAttentionKernel), head,
            Nest(typeof(Bits4), width / 32), Nest(typeof(Bits4), 2 * width / 32), Nest(typeof(Bits4), 4 * width / 64), Nest(typeof(Sums4), width / 16));
        return new(method, new(32 * DecodeAttentionKernel.Warps, BlocksPerProcessor: 3), DecodeAttentionKernel.SharedBytes(width));
    }

    private static Type Nest(Type leaf, int count) => count == 1 ? leaf : typeof(Twice<>).MakeGenericType(Nest(leaf, count / 2));
}
