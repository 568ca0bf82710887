namespace Moesaic.Kernels.Cpu;

/// <summary>A vector width of the processor: float32 arithmetic, and the ways a weight is read as float32.</summary>
/// <remarks>
/// A block is two vectors of weights. Formats of 16 bits and fewer are read as the even and the odd elements of a block, which costs a
/// shift and a mask where reading them in order would cost shuffles; what they are multiplied with is laid out in the same way.
/// </remarks>
/// <typeparam name="TVector">The vector of float32.</typeparam>
internal unsafe interface ILanes<TVector>
    where TVector : unmanaged
{
    /// <summary>The processor has it.</summary>
    static abstract bool IsSupported { get; }

    static abstract TVector Broadcast(float value);

    static abstract TVector Load(float* source);

    static abstract void Store(TVector value, float* target);

    static abstract TVector Add(TVector left, TVector right);

    static abstract TVector Multiply(TVector left, TVector right);

    static abstract TVector Divide(TVector left, TVector right);

    static abstract TVector Min(TVector left, TVector right);

    static abstract TVector Max(TVector left, TVector right);

    static abstract TVector Exp(TVector value);

    /// <summary>left · right + sum, rounded once.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector sum);

    static abstract float Sum(TVector value);

    /// <summary>Asks for the cache line at an address, which may be anywhere.</summary>
    static abstract void Prefetch(byte* address);

    /// <summary>A block of bfloat16, as its even and its odd elements.</summary>
    static abstract (TVector Even, TVector Odd) LoadBfloat16(byte* source);

    /// <summary>A block of e4m3 numbers times a scale, as its even and its odd elements. There is no NaN among them.</summary>
    static abstract (TVector Even, TVector Odd) LoadFp8(byte* source, float scale);

    /// <summary>A block of e2m1 numbers, two a byte, the low half first, times a scale; as its even and its odd elements.</summary>
    static abstract (TVector Even, TVector Odd) LoadFp4(byte* source, float scale);

    /// <summary>The even and the odd elements of a block.</summary>
    static abstract (TVector Even, TVector Odd) Split(TVector first, TVector second);

    /// <summary>A block of bfloat16, in order.</summary>
    static abstract (TVector First, TVector Second) LoadBfloat16InOrder(byte* source);

    /// <summary>Rounds a block, in order, to bfloat16: to nearest, ties to even.</summary>
    static abstract void StoreBfloat16(TVector first, TVector second, byte* target);
}
