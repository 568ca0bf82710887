using System.Globalization;
using System.Reflection;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Types;
using ILGPU.IR.Values;
using CompoundRegister = ILGPU.Backends.RegisterAllocator<ILGPU.Backends.PTX.PTXRegisterKind>.CompoundRegister;
using PrimitiveRegister = ILGPU.Backends.RegisterAllocator<ILGPU.Backends.PTX.PTXRegisterKind>.PrimitiveRegister;
using Register = ILGPU.Backends.RegisterAllocator<ILGPU.Backends.PTX.PTXRegisterKind>.Register;

namespace Moesaic.Kernels;

/// <summary>Writes the PTX of one call of an intrinsic: its arguments and its result are registers.</summary>
internal sealed class PtxWriter
{
    private readonly PTXCodeGenerator _generator;
    private readonly MethodCall _call;

    internal PtxWriter(PTXCodeGenerator generator, MethodCall call, KernelTarget target, int id)
    {
        _generator = generator;
        _call = call;
        Target = target;
        Id = id.ToString(CultureInfo.InvariantCulture);
        Method = (MethodInfo)call.Target.Source!;
    }

    internal KernelTarget Target { get; }

    /// <summary>The called method, with its type arguments.</summary>
    internal MethodInfo Method { get; }

    /// <summary>Tells this call from all others of the kernel.</summary>
    internal string Id { get; }

    internal void Line(string text) => _generator.Builder.Append('\t').AppendLine(text);

    /// <summary>The registers of an argument: one, or one for each field.</summary>
    internal string[] Argument(int index) => [.. Flatten(_generator.Load(Value(index)))];

    /// <summary>Takes registers for the result.</summary>
    internal string[] Result() => [.. Flatten(_generator.Allocate(_call))];

    /// <summary>The result is the argument, changed in place.</summary>
    internal string[] ResultInPlace(int index)
    {
        var register = _generator.Load(Value(index));
        _generator.Bind(_call, register);
        return [.. Flatten(register)];
    }

    /// <summary>The result begins as a copy of the argument, which may be a constant: of those, what is changed in place is lost.</summary>
    internal string[] CopyToResult(int index)
    {
        var (argument, result) = (Argument(index), Result());
        for (var i = 0; i < result.Length; i++)
        {
            Line($"mov.b32 {result[i]}, {argument[i]};");
        }

        return result;
    }

    /// <summary>An argument that must be known when the kernel is compiled.</summary>
    internal int Constant(int index) => Value(index) is PrimitiveValue constant
        ? constant.Int32Value
        : throw new KernelCompilationException($"{Method.Name}: argument {index} must be a constant");

    /// <summary>A static property of a type argument of the called method, which no kernel could read at run time.</summary>
    internal T StaticOf<T>(int argument, string property) =>
        (T)Method.GetGenericArguments()[argument].GetProperty(property, BindingFlags.Static | BindingFlags.Public)!.GetValue(null)!;

    /// <summary>The 32-bit address in shared memory of a <c>ref</c> argument.</summary>
    internal string SharedAddress(int index)
    {
        var name = $"shared{Id}_{index}";
        var address = Argument(index)[0];
        Line($".reg .b32 {name};");

        // ILGPU infers where a reference points to. A pointer known to be shared is the 32-bit address already, only wider.
        Line(((AddressSpaceType)Value(index).Type).AddressSpace == MemoryAddressSpace.Shared
            ? $"cvt.u32.u64 {name}, {address};"
            : $"{{ .reg .b64 wide; cvta.to.shared.u64 wide, {address}; cvt.u32.u64 {name}, wide; }}");
        return name;
    }

    private Value Value(int index) => _call.Nodes[index].Resolve();

    private IEnumerable<string> Flatten(Register register) => register switch
    {
        PrimitiveRegister primitive =>
            ["%" + PTXRegisterAllocator.GetStringRepresentation(_generator.EnsureHardwareRegister(primitive))],
        CompoundRegister compound => compound.Children.SelectMany(Flatten),
        _ => throw new KernelCompilationException($"{Method.Name}: a {register.GetType().Name} cannot be an operand"),
    };
}
