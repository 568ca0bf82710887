using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Moesaic.Generators.Json;

namespace Moesaic.Generators.Checkpoints;

/// <summary>The tensors of a checkpoint: by name, with the shape where a manifest says it.</summary>
internal sealed class CheckpointTensors
{
    private const string Format = "moesaic-manifest/1";

    /// <summary>Reads a file once, however many compilations it is part of.</summary>
    public static SourceTextValueProvider<CheckpointTensors> Provider { get; } = new(Read);

    /// <summary>Null for a shape that is not known.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>?> Shapes { get; private init; } = ImmutableDictionary<string, IReadOnlyList<long>?>.Empty;

    /// <summary>The dtype of each tensor, as safetensors calls it; empty where only names are known.</summary>
    public IReadOnlyDictionary<string, string> Dtypes { get; private init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The dtype of most tensors; null where none is known.</summary>
    public string? UsualDtype => Dtypes.Values.GroupBy(static dtype => dtype, StringComparer.Ordinal).OrderByDescending(static same => same.Count()).FirstOrDefault()?.Key;

    /// <summary>Why there are none, in words; null where there are.</summary>
    public string? Error { get; private init; }

    public bool Has(string name) => Shapes.ContainsKey(name);

    private static CheckpointTensors Read(SourceText text)
    {
        try
        {
            var root = JsonParser.Parse(text.ToString());
            return root.Find("format") is { Text: Format } ? Manifest(root)
                : root.Find("weight_map") is { Kind: JsonKind.Object } map
                    ? new() { Shapes = map.Members.Keys.ToDictionary(static name => name, static _ => (IReadOnlyList<long>?)null, StringComparer.Ordinal) }
                : new() { Error = $"expected a `weight_map` or the format `{Format}`, found neither" };
        }
        catch (FormatException e)
        {
            return new() { Error = $"expected JSON, found an error: {e.Message}" };
        }
    }

    private static CheckpointTensors Manifest(JsonValue root) => new()
    {
        Shapes = Tensors(root).ToDictionary(static tensor => tensor.Key, static tensor => Shape(tensor.Value), StringComparer.Ordinal),
        Dtypes = Tensors(root).ToDictionary(static tensor => tensor.Key, static tensor => tensor.Value.Find("dtype")?.Text ?? "", StringComparer.Ordinal),
    };

    private static IReadOnlyDictionary<string, JsonValue> Tensors(JsonValue root) => root.Find("tensors")?.Members ?? JsonValue.Null.Members;

    private static IReadOnlyList<long>? Shape(JsonValue tensor) =>
        tensor.Find("shape") is { Kind: JsonKind.List } shape ? [.. shape.Items.Select(static item => (long)item.Number)] : null;
}
