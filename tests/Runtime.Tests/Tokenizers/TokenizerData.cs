using System.Text.Json.Nodes;
using Moesaic.Tokenizers;

namespace Moesaic.Runtime.Tests.Tokenizers;

/// <summary>The tokenizers under tests/data, as they are or with parts replaced.</summary>
internal static class TokenizerData
{
    internal const string ByteLevel = "byte-level";
    internal const string SentencePiece = "sentencepiece";

    internal static string Directory { get; } = FindDirectory();

    internal static string Small(string name) => Path.Combine(Directory, "tokenizers-small", name + ".json");

    internal static string Real(string name) => Path.Combine(Directory, "tokenizers", name, "tokenizer.json");

    internal static JsonNode ReadJson(string path) => JsonNode.Parse(File.ReadAllText(path))!;

    internal static Tokenizer LoadSmall(string name) => Tokenizer.Load(Small(name));

    /// <summary>A small tokenizer after an edit of its document.</summary>
    internal static Tokenizer LoadEdited(string name, Action<JsonNode> edit)
    {
        var document = ReadJson(Small(name));
        edit(document);
        return LoadText(document.ToJsonString());
    }

    /// <summary>A tokenizer.json of that text.</summary>
    internal static Tokenizer LoadText(string json)
    {
        var path = Path.Combine(System.IO.Directory.CreateTempSubdirectory("moesaic-tests-").FullName, "tokenizer.json");
        try
        {
            File.WriteAllText(path, json);
            return Tokenizer.Load(path);
        }
        finally
        {
            System.IO.Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    internal static int[] Ids(this JsonNode? node) => [.. node!.AsArray().Select(static id => (int)id!)];

    private static string FindDirectory()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Framework.sln")))
        {
            directory = Path.GetDirectoryName(directory) ?? throw new DirectoryNotFoundException("the tests run outside of the repository");
        }

        return Path.Combine(directory, "tests", "data");
    }
}
