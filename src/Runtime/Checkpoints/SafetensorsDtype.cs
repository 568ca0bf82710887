using System.Collections.Frozen;
using static TorchSharp.torch;

namespace Moesaic.Checkpoints;

/// <summary>An element type of the safetensors format.</summary>
public sealed record SafetensorsDtype
{
    // Codes that TorchSharp has no names for: c10/core/ScalarType.h.
    private static readonly SafetensorsDtype[] All =
    [
        new("BOOL", ScalarType.Bool, 1),
        new("U8", ScalarType.Byte, 1),
        new("I8", ScalarType.Int8, 1),
        new("I16", ScalarType.Int16, 2),
        new("U16", (ScalarType)27, 2),
        new("I32", ScalarType.Int32, 4),
        new("U32", (ScalarType)28, 4),
        new("I64", ScalarType.Int64, 8),
        new("U64", (ScalarType)29, 8),
        new("F16", ScalarType.Float16, 2),
        new("BF16", ScalarType.BFloat16, 2),
        new("F32", ScalarType.Float32, 4),
        new("F64", ScalarType.Float64, 8),
        new("F8_E5M2", (ScalarType)23, 1),
        new("F8_E4M3", (ScalarType)24, 1),
        new("F8_E8M0", (ScalarType)44, 1),
    ];

    private static readonly FrozenDictionary<string, SafetensorsDtype> ByName = All.ToFrozenDictionary(dtype => dtype.Name);
    private static readonly FrozenDictionary<ScalarType, SafetensorsDtype> ByScalarType = All.ToFrozenDictionary(dtype => dtype.ScalarType);

    private SafetensorsDtype(string name, ScalarType scalarType, int size)
    {
        Name = name;
        ScalarType = scalarType;
        Size = size;
    }

    /// <summary>Its name in files, such as BF16.</summary>
    public string Name { get; }

    /// <summary>torch's code; for U16, U32, U64 and the 8-bit floats a number that TorchSharp has no name for, but passes on.</summary>
    public ScalarType ScalarType { get; }

    /// <summary>Bytes an element takes.</summary>
    public int Size { get; }

    /// <summary>F64, F32, F16 or BF16: converts to any other of them without a scale.</summary>
    internal bool IsPlainFloat => ScalarType is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;

    internal static string Names => string.Join(", ", All.Select(dtype => dtype.Name));

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal static SafetensorsDtype? Find(string name) => ByName.GetValueOrDefault(name);

    /// <exception cref="ArgumentException">The format has no such type.</exception>
    internal static SafetensorsDtype Of(ScalarType type) =>
        ByScalarType.GetValueOrDefault(type) ?? throw new ArgumentException($"safetensors has no dtype for {type}", nameof(type));
}
