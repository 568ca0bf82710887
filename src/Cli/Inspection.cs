using System.Text.Json;
using Moesaic.Checkpoints;
using static TorchSharp.torch;

namespace Moesaic.Cli;

/// <summary>What a model folder became.</summary>
internal sealed record Inspection(
    ModelDefinition Definition, string Folder, long ParameterCount, IReadOnlyList<BlockReport> Blocks, WeightPlan Plan, IReadOnlyList<CheckpointTensor> Checkpoint)
{
    /// <summary>What one of several ranks would have; null where nobody asked.</summary>
    internal CutReport? Rank { get; init; }

    internal static Inspection Of(ModelFolder folder, LoadOptions options)
    {
        var dtype = options.Dtype ?? StoredDtype(folder.Plan);
        var blocks = folder.Network.named_modules()
            .Where(named => named.module is MoeBlock)
            .Select(named => (named.name, block: (MoeBlock)named.module))
            .Select(named => BlockReport.Of(named.name, named.block, options.Device.type, dtype,
                folder.Plan.QuantizedOf(named.block.RoutedExperts, options.Dtype, options.Device.type)))
            .ToArray();
        return new(folder.Definition, folder.Path, folder.Network.parameters().Sum(parameter => parameter.numel()), blocks, folder.Plan, folder.Tensors);
    }

    internal void WriteText(TextWriter writer)
    {
        writer.WriteLine($"model       {Definition.Name}, model_type {Definition.ModelType}");
        writer.WriteLine($"folder      {Folder}");
        writer.WriteLine($"parameters  {ParameterCount}");
        foreach (var block in Blocks)
        {
            writer.WriteLine();
            block.WriteText(writer);
        }

        writer.WriteLine();
        foreach (var assignment in Plan.Assignments)
        {
            writer.WriteLine($"{assignment.Tensor} {assignment.Dtype} [{string.Join(", ", assignment.Shape)}] -> {assignment.Parameter} {assignment.Region}");
            if (assignment.Scales is { } scales)
            {
                writer.WriteLine($"{scales} -> scales of {assignment.Tensor}");
            }
        }

        foreach (var ignored in Plan.Ignored)
        {
            writer.WriteLine($"{ignored} -> ignored, as declared");
        }

        Rank?.WriteText(writer);
    }

    internal void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("model", Definition.Name);
        writer.WriteString("model_type", Definition.ModelType);
        writer.WriteString("folder", Folder);
        writer.WriteNumber("parameters", ParameterCount);
        writer.WriteStartArray("blocks");
        foreach (var block in Blocks)
        {
            block.WriteJson(writer);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("tensors");
        foreach (var assignment in Plan.Assignments)
        {
            writer.WriteStartObject();
            writer.WriteString("name", assignment.Tensor);
            writer.WriteString("dtype", assignment.Dtype.Name);
            writer.WriteStartArray("shape");
            foreach (var dimension in assignment.Shape)
            {
                writer.WriteNumberValue(dimension);
            }

            writer.WriteEndArray();
            writer.WriteString("parameter", assignment.Parameter);
            writer.WriteString("region", assignment.Region);
            if (assignment.Scales is { } scales)
            {
                writer.WriteString("scales", scales);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("ignored");
        foreach (var ignored in Plan.Ignored)
        {
            writer.WriteStringValue(ignored);
        }

        writer.WriteEndArray();
        Rank?.WriteJson(writer);
        writer.WriteEndObject();
    }

    /// <summary>The dtype of most of the experts' tensors, which is what "as stored" comes to.</summary>
    private static ScalarType StoredDtype(WeightPlan plan) => plan.Assignments
        .GroupBy(assignment => assignment.ValueDtype)
        .MaxBy(group => group.Sum(assignment => assignment.Shape.Aggregate(1L, (a, b) => a * b)))?.Key ?? float32;
}
