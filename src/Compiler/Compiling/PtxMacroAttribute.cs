namespace Moesaic.Kernels;

/// <summary>Calls of the method become the PTX that a C# method writes: loops are unrolled there, which ILGPU 1.5.3 does not do.</summary>
/// <param name="host">The class of the writing method.</param>
/// <param name="method">A static method that takes a <see cref="PtxWriter"/>.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PtxMacroAttribute(Type host, string method) : Attribute
{
    internal Type Host => host;

    internal string Method => method;
}
