using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ILGPU;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;
using ILGPU.IR.Values;

namespace Moesaic.Kernels;

/// <summary>Makes ILGPU call us wherever a kernel calls a method with <see cref="PtxInstructionAttribute"/> or <see cref="PtxMacroAttribute"/>.</summary>
/// <remarks>
/// ILGPU's own inline assembly moves every output through local memory and takes 44 operands at most; here operands are plain registers.
/// </remarks>
internal static partial class PtxIntrinsics
{
    private static readonly MethodInfo[] All =
    [
        .. typeof(PtxIntrinsics).Assembly.GetTypes()
            .SelectMany(static type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(static method => method.IsDefined(typeof(IntrinsicImplementationAttribute))),
    ];

    // ILGPU calls us back, in threads of its own, with nothing of ours to hold on to but the backend.
    private static readonly ConditionalWeakTable<PTXBackend, Compilation> Compilations = [];

    /// <summary>Registers all of them.</summary>
    internal static Context.Builder WithPtxIntrinsics(this Context.Builder builder)
    {
        var manager = builder.GetIntrinsicManager();
        foreach (var method in All)
        {
            manager.RegisterMethod(method, new PTXIntrinsic(typeof(PtxIntrinsics), nameof(Write), IntrinsicImplementationMode.GenerateCode));
        }

        return builder;
    }

    /// <summary>Says what a backend compiles for.</summary>
    internal static PTXBackend For(this PTXBackend backend, KernelTarget target)
    {
        Compilations.Add(backend, new(target));
        return backend;
    }

    // ILGPU finds it by its name.
    private static void Write(PTXBackend backend, PTXCodeGenerator generator, Value value)
    {
        Compilations.TryGetValue(backend, out var compilation);
        var writer = new PtxWriter(generator, (MethodCall)value, compilation!.Target, compilation.NextId());
        if (writer.Method.GetCustomAttribute<PtxMacroAttribute>() is { } macro)
        {
            macro.Host.GetMethod(macro.Method, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!
                .CreateDelegate<Action<PtxWriter>>()(writer);
            return;
        }

        var instruction = writer.Method.GetCustomAttribute<PtxInstructionAttribute>()!;
        var result = instruction.InPlace == PtxInstructionAttribute.None ? null : Operand(writer.ResultInPlace(instruction.InPlace));

        // Addresses first: they are written as lines of their own, before this one.
        var text = SharedAddress().Replace(instruction.Template, match => writer.SharedAddress(Index(match)));
        writer.Line(Placeholder().Replace(text, match => match.Value switch
        {
            "$d" => result ??= Operand(writer.Result()),
            "$u" => writer.Id,
            _ => Operand(writer.Argument(Index(match))),
        }));
    }

    private static int Index(Match match) => match.Value[1] - '0';

    private static string Operand(string[] registers) => registers.Length == 1 ? registers[0] : $"{{{string.Join(',', registers)}}}";

    [GeneratedRegex(@"\$\ds")]
    private static partial Regex SharedAddress();

    [GeneratedRegex(@"\$(d|u|\d)")]
    private static partial Regex Placeholder();

    private sealed class Compilation(KernelTarget target)
    {
        private int _calls;

        internal KernelTarget Target { get; } = target;

        internal int NextId() => Interlocked.Increment(ref _calls);
    }
}
