using ILGPU.IR.Intrinsics;

namespace Moesaic.Kernels;

/// <summary>Parts of structs of float32 that are nothing but registers.</summary>
/// <remarks>ILGPU 1.5.3 takes a field of a struct whose fields differ in size for another one; registers cannot be mistaken.</remarks>
internal static class Registers
{
    /// <summary>The registers that a struct begins with, as many as the part has.</summary>
    [PtxMacro(typeof(Registers), nameof(WriteFirst)), IntrinsicImplementation]
    internal static TPart First<TWhole, TPart>(TWhole whole)
        where TWhole : struct
        where TPart : struct => throw new NotSupportedException("only in PTX");

    /// <summary>Those that it ends with.</summary>
    [PtxMacro(typeof(Registers), nameof(WriteLast)), IntrinsicImplementation]
    internal static TPart Last<TWhole, TPart>(TWhole whole)
        where TWhole : struct
        where TPart : struct => throw new NotSupportedException("only in PTX");

    private static void WriteFirst(PtxWriter writer) => Copy(writer, static (_, _) => 0);

    private static void WriteLast(PtxWriter writer) => Copy(writer, static (whole, part) => whole - part);

    private static void Copy(PtxWriter writer, Func<int, int, int> start)
    {
        var (whole, part) = (writer.Argument(0), writer.Result());
        for (var (i, from) = (0, start(whole.Length, part.Length)); i < part.Length; i++)
        {
            writer.Line($"mov.f32 {part[i]}, {whole[from + i]};");
        }
    }
}
