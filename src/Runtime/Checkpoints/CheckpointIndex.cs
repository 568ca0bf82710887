using System.Text.Json;

namespace Moesaic.Checkpoints;

/// <summary>The index of a checkpoint in several files: which file, a shard, has which tensor.</summary>
public static class CheckpointIndex
{
    /// <summary>Its name in a checkpoint's folder.</summary>
    public const string FileName = "model.safetensors.index.json";

    private const string Damaged = "repair the index or download it again";
    private const long LongestFile = 100_000_000;

    /// <summary>Writes an index.</summary>
    /// <param name="directory">The checkpoint's folder.</param>
    /// <param name="shardOf">The file name of the shard of each tensor.</param>
    /// <param name="totalBytes">The bytes of all tensors.</param>
    public static void Write(string directory, IEnumerable<KeyValuePair<string, string>> shardOf, long totalBytes)
    {
        using var stream = File.Create(Path.Combine(directory, FileName));
        using var json = new Utf8JsonWriter(stream, new() { Indented = true });
        json.WriteStartObject();
        json.WriteStartObject("metadata");
        json.WriteNumber("total_size", totalBytes);
        json.WriteEndObject();
        json.WriteStartObject("weight_map");
        foreach (var (tensor, shard) in shardOf)
        {
            json.WriteString(tensor, shard);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The file name of the shard of each tensor.</summary>
    /// <exception cref="CheckpointException">It is no index, or names a file outside its folder.</exception>
    internal static Dictionary<string, string> Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > LongestFile)
            {
                throw CheckpointException.Of(path, $"an index of at most {LongestFile} bytes", "a longer file", Damaged);
            }

            using var document = JsonDocument.Parse(File.ReadAllBytes(path), new() { AllowDuplicateProperties = false });
            return Read(document.RootElement, path);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw CheckpointException.Of(path, "a JSON index", $"an error in it: {e.Message}", Damaged, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CheckpointException.Of(path, "a JSON index", $"a file that cannot be read: {e.Message}", "check its permissions", e);
        }
    }

    private static Dictionary<string, string> Read(JsonElement root, string path)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
        {
            throw CheckpointException.Of(path, "an object weight_map", "none", Damaged);
        }

        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in map.EnumerateObject())
        {
            var shard = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : "";
            result.Add(entry.Name, IsShardName(shard)
                ? shard
                : throw CheckpointException.Of(
                    path, entry.Name, "the name of a .safetensors file beside the index", CheckpointException.Printable(entry.Value.GetRawText()), Damaged));
        }

        return result;
    }

    /// <summary>A plain file name: what an index says is data, and never leads out of its folder.</summary>
    private static bool IsShardName(string name) =>
        name.EndsWith(".safetensors", StringComparison.Ordinal) && !name.AsSpan().ContainsAny('/', '\\', ':') && !name.Any(char.IsControl);
}
