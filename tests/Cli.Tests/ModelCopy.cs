namespace Moesaic.Cli.Tests;

/// <summary>A copy of a golden checkpoint, to be changed.</summary>
internal sealed class ModelCopy : IDisposable
{
    internal ModelCopy(string name)
    {
        Path = Directory.CreateTempSubdirectory("moesaic-").FullName;
        foreach (var file in Directory.GetFiles(TestData.Golden(name)))
        {
            System.IO.File.Copy(file, File(file));
        }
    }

    internal string Path { get; }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    internal void Replace(string file, string text, string with)
    {
        var before = System.IO.File.ReadAllText(File(file));
        Assert.Contains(text, before);
        System.IO.File.WriteAllText(File(file), before.Replace(text, with, StringComparison.Ordinal));
    }

    internal void FlipLastByte(string file)
    {
        var bytes = System.IO.File.ReadAllBytes(File(file));
        bytes[^1] ^= 1;
        System.IO.File.WriteAllBytes(File(file), bytes);
    }

    private string File(string name) => System.IO.Path.Combine(Path, System.IO.Path.GetFileName(name));
}
