using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using Moesaic.Generators.Json;

namespace Moesaic.Generators.Checkpoints;

/// <summary>The config.json of a checkpoint.</summary>
internal sealed class CheckpointConfig
{
    /// <summary>Reads a file once, however many compilations it is part of.</summary>
    public static SourceTextValueProvider<CheckpointConfig> Provider { get; } = new(Read);

    public JsonValue Root { get; private init; } = JsonValue.Null;

    /// <summary>Why there is none, in words; null where there is.</summary>
    public string? Error { get; private init; }

    /// <summary>Weights are kept in fewer bits, their scales beside them.</summary>
    public bool IsQuantized => Root.Find("quantization_config") is not null;

    private static CheckpointConfig Read(SourceText text)
    {
        try
        {
            var root = JsonParser.Parse(text.ToString());
            return root.Kind == JsonKind.Object ? new() { Root = root } : new() { Error = $"expected an object, found {root}" };
        }
        catch (FormatException e)
        {
            return new() { Error = $"expected JSON, found an error: {e.Message}" };
        }
    }
}
