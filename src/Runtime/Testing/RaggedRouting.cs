using static TorchSharp.torch;

namespace Moesaic.Testing;

/// <summary>Routes that kernels get wrong first: no token, one, as many as no tile has, all to one expert, an expert without any.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Expert">The expert of token t's k-th route.</param>
internal sealed record RaggedRouting(string Name, int Tokens, Func<int, int, int> Expert)
{
    /// <summary>All of them, for E experts and K routes per token.</summary>
    internal static IReadOnlyList<RaggedRouting> For(int experts, int topK) =>
    [
        .. new[] { 0, 1, 7, 128 }.Select(tokens => new RaggedRouting($"{tokens} tokens", tokens, (t, k) => (int)((Mixed(t) + k) % (uint)experts))),
        new("all of 7 tokens to the last expert", 7, (_, _) => experts - 1),
        new("7 tokens, none of them to the first expert", 7, (t, k) => experts == 1 ? 0 : 1 + ((t * topK + k) % (experts - 1))),
    ];

    /// <summary>[T, K] int32.</summary>
    internal Tensor Ids(int topK) =>
        tensor([.. Enumerable.Range(0, Tokens * topK).Select(i => Expert(i / topK, i % topK))], [Tokens, topK], dtype: int32);

    /// <summary>[T, K] float32, no two alike within a token.</summary>
    internal Tensor Weights(int topK) =>
        tensor([.. Enumerable.Range(0, Tokens * topK).Select(i => 0.2f + (i % 11 * 0.07f))], [Tokens, topK]);

    /// <summary>The same numbers everywhere, in no visible order.</summary>
    private static uint Mixed(int token) => unchecked((uint)token * 2654435761u) >> 7;
}
