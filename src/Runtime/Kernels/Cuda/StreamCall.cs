namespace Moesaic.Kernels;

/// <summary>What a streamed layer works on: addresses of device memory. 0 where there is no bias.</summary>
/// <param name="Tokens">T.</param>
/// <param name="Logits">[T, E] float32 or bf16; 0 where the call brings its routes.</param>
/// <param name="SelectionBias">[E] float32.</param>
/// <param name="X">[T, D] bf16, or f16 as all that is bf16 here.</param>
/// <param name="W13">[E, 2F, D] bf16, or codes.</param>
/// <param name="W13Bias">[E, 2F] bf16.</param>
/// <param name="W2">[E, D, F] bf16, or codes.</param>
/// <param name="W2Bias">[E, D] bf16.</param>
/// <param name="Workspace">As many bytes as <see cref="StreamWorkspace"/> takes.</param>
/// <param name="Output">[T, D] bf16.</param>
internal readonly record struct StreamCall(
    int Tokens, nint Logits, nint SelectionBias, nint X, DeviceMatrices W13, nint W13Bias, DeviceMatrices W2, nint W2Bias, nint Workspace, nint Output)
{
    /// <summary>Logits are bfloat16.</summary>
    internal bool LogitsAreNarrow { get; init; }

    /// <summary>[T, K] int32, of a router that is not ours; 0 where there are logits.</summary>
    internal nint Ids { get; init; }

    /// <summary>[T, K] float32, with <see cref="Ids"/>.</summary>
    internal nint Weights { get; init; }
}
