namespace Moesaic.Kernels;

/// <summary>What activations, biases and outputs of a kernel are: numbers of 16 bits, two in a register.</summary>
internal interface IElement
{
    /// <summary>What PTX calls it.</summary>
    static abstract string PtxName { get; }

    /// <summary>The lower of two numbers in one register.</summary>
    static abstract float Low(uint pair);

    /// <summary>The upper one.</summary>
    static abstract float High(uint pair);

    /// <summary>Two numbers, rounded to nearest, in one register.</summary>
    static abstract uint Pack(float low, float high);

    /// <summary>The number at an address of device memory.</summary>
    static abstract float Load(long address);

    /// <summary>Rounds to nearest and stores.</summary>
    static abstract void Store(long address, float value);
}
