namespace Moesaic.Checkpoints;

/// <summary>A checkpoint folder: one safetensors file, or several with an index. Its tensors are mapped, not read.</summary>
public sealed class Checkpoint : IDisposable
{
    private const string WholeFile = "model.safetensors";
    private const string Mixed = "the folder mixes two checkpoints: download it again into an empty one";

    private readonly List<SafetensorsFile> _files = [];
    private readonly Dictionary<string, CheckpointTensor> _tensors = new(StringComparer.Ordinal);

    private Checkpoint(string path) => Path = path;

    /// <summary>What messages call it: the index, or the one file.</summary>
    public string Path { get; }

    /// <summary>Every tensor, by name.</summary>
    public IReadOnlyDictionary<string, CheckpointTensor> Tensors => _tensors;

    /// <summary>Opens a folder with <c>model.safetensors.index.json</c>, else <c>model.safetensors</c>, else one safetensors file of any name.</summary>
    /// <exception cref="CheckpointException">There is none, a file is missing or damaged, or files and index disagree.</exception>
    public static Checkpoint Open(string directory)
    {
        if (!Directory.Exists(directory))
        {
            throw CheckpointException.Of(directory, "a checkpoint folder", "none", "check the path");
        }

        var index = System.IO.Path.Combine(directory, CheckpointIndex.FileName);
        var checkpoint = new Checkpoint(File.Exists(index) ? index : FindWholeFile(directory));
        try
        {
            if (checkpoint.Path == index)
            {
                checkpoint.OpenShards(directory, CheckpointIndex.Read(index));
            }
            else
            {
                checkpoint.OpenFile(checkpoint.Path);
            }

            return checkpoint;
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>Unmaps the files; parameters that lie in them keep them mapped for as long as their model lives.</summary>
    public void Dispose() => _files.ForEach(file => file.Dispose());

    private static string FindWholeFile(string directory)
    {
        var path = System.IO.Path.Combine(directory, WholeFile);
        if (File.Exists(path))
        {
            return path;
        }

        const string expected = $"{CheckpointIndex.FileName}, {WholeFile} or one other .safetensors file";
        var others = Files(directory);
        return others.Length == 1
            ? others[0]
            : throw CheckpointException.Of(directory, expected, others.Length == 0 ? "none" : $"{others.Length}", "name a checkpoint's folder");
    }

    private static string[] Files(string directory)
    {
        try
        {
            return Directory.GetFiles(directory, "*.safetensors");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CheckpointException.Of(directory, "a checkpoint folder", $"one that cannot be read: {e.Message}", "check its permissions", e);
        }
    }

    private void OpenShards(string directory, Dictionary<string, string> shardOf)
    {
        foreach (var shard in shardOf.Values.Distinct().Order(StringComparer.Ordinal))
        {
            var path = System.IO.Path.Combine(directory, shard);
            if (!File.Exists(path))
            {
                throw CheckpointException.Of(Path, shard, "a file beside the index", "none", "download it too");
            }

            OpenFile(path);
        }

        foreach (var (name, shard) in shardOf)
        {
            if (!_tensors.TryGetValue(name, out var tensor))
            {
                throw CheckpointException.Of(Path, name, $"a tensor in {shard}, as the index says", "none in any shard", "download the shard again");
            }

            if (System.IO.Path.GetFileName(tensor.File) != shard)
            {
                throw CheckpointException.Of(Path, name, $"a tensor in {shard}, as the index says", $"it in {tensor.File}", Mixed);
            }
        }

        if (_tensors.Keys.FirstOrDefault(name => !shardOf.ContainsKey(name)) is { } extra)
        {
            throw CheckpointException.Of(_tensors[extra].File, extra, $"a tensor that {CheckpointIndex.FileName} lists", "one that it does not", Mixed);
        }
    }

    private void OpenFile(string path)
    {
        var file = SafetensorsFile.Open(path);
        _files.Add(file);
        foreach (var tensor in file.Tensors)
        {
            if (!_tensors.TryAdd(tensor.Name, tensor))
            {
                throw CheckpointException.Of(path, tensor.Name, "a tensor in one shard", $"it in {_tensors[tensor.Name].File} too", Mixed);
            }
        }
    }
}
