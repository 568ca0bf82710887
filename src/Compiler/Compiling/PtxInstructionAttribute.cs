namespace Moesaic.Kernels;

/// <summary>Calls of the method become this PTX. The method's body is what the instruction does on the CPU accelerator, for tests.</summary>
/// <remarks>
/// <c>$d</c> is the result, <c>$0</c> to <c>$9</c> the arguments (a struct as <c>{%f1,%f2}</c>), <c>$0s</c> the 32-bit address in
/// shared memory of a <c>ref</c> argument, <c>$u</c> a number that no other call has, for labels.
/// </remarks>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PtxInstructionAttribute(string template) : Attribute
{
    internal const int None = -1;

    internal string Template => template;

    /// <summary>The result takes the registers of this argument, which is not to be used after the call: an accumulator.</summary>
    public int InPlace { get; init; } = None;
}
