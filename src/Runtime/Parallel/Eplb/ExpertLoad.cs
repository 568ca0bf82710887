using System.Text.Json;

namespace Moesaic.Eplb;

/// <summary>How often each expert of each layer was chosen: recorded while a model ran, kept in a file, and read to plan a deployment.</summary>
/// <param name="Layers">From input to output.</param>
public sealed record ExpertLoad(IReadOnlyList<LayerLoad> Layers)
{
    private const string Format = "moesaic-expert-load/1";
    private const long LongestFile = 100_000_000;

    /// <summary>Reads a file that <see cref="Save"/> wrote.</summary>
    /// <exception cref="EplbException">The file is missing, or no such file.</exception>
    public static ExpertLoad Load(string path)
    {
        try
        {
            if (new FileInfo(path).Length > LongestFile)
            {
                throw EplbException.Of(path, $"a load file of at most {LongestFile} bytes", "a longer one", "check the path");
            }

            using var document = JsonDocument.Parse(File.ReadAllBytes(path), new() { AllowDuplicateProperties = false });
            return Read(document.RootElement, path);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new EplbException($"{path}: expected a load file, JSON of format {Format}, found an error in it: {e.Message}; record it again", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EplbException($"{path}: expected a load file, found none that can be read: {e.Message}; check the path", e);
        }
    }

    /// <summary>Writes it as JSON: a list of counts for each block.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        using var file = File.Create(path);
        using var json = new Utf8JsonWriter(file, new() { Indented = true });
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteStartObject("layers");
        foreach (var layer in Layers)
        {
            json.WriteStartArray(layer.Name);
            foreach (var count in layer.Assignments)
            {
                json.WriteNumberValue(count);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Checks that it was recorded on a model of these blocks.</summary>
    /// <param name="source">What messages call it.</param>
    /// <param name="blocks">Name and number of experts of each, from input to output.</param>
    /// <exception cref="EplbException">Blocks or their experts are others.</exception>
    public void CheckIsOf(string source, IReadOnlyList<(string Name, int NumExperts)> blocks)
    {
        for (var i = 0; i < Math.Max(blocks.Count, Layers.Count); i++)
        {
            var expected = i < blocks.Count ? Text(blocks[i].Name, blocks[i].NumExperts) : "no more blocks";
            var found = i < Layers.Count ? Text(Layers[i].Name, Layers[i].Assignments.Count) : "no more";
            if (expected != found)
            {
                throw EplbException.Of($"{source}: block {i}", expected, found, "use a load of this model");
            }
        }
    }

    private static ExpertLoad Read(JsonElement root, string path)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("format", out var format) || format.GetString() != Format)
        {
            throw EplbException.Of(path, $"format {Format}", "another or none", "record it with --save-load");
        }

        var layers = root.GetProperty("layers").EnumerateObject().Select(layer => new LayerLoad(layer.Name, [.. layer.Value.EnumerateArray().Select(count => count.GetInt64())])).ToList();
        var negative = layers.FirstOrDefault(static layer => layer.Assignments.Any(static count => count < 0));
        return negative is null
            ? new(layers)
            : throw EplbException.Of($"{path}: {negative.Name}", "counts, 0 or more", $"{negative.Assignments.Min()}", "record it again");
    }

    private static string Text(string name, int experts) => $"{name} with {experts} experts";
}
