using System.Text.Json;

namespace Moesaic.Tokenizers.Loading;

/// <summary>Reads tokenizer.json as JSON, or says in one line why it cannot.</summary>
internal static class TokenizerFile
{
    /// <exception cref="TokenizerException">The file is missing, unreadable or no JSON object.</exception>
    internal static T Read<T>(string path, Func<JsonPart, T> read)
    {
        using var document = Parse(path);
        try
        {
            return read(new(path, "", document.RootElement));
        }
        catch (InvalidOperationException e)
        {
            // How JsonElement answers a string that is no valid Unicode.
            throw new TokenizerException($"{path}: expected text in UTF-8, found a string that is none; {e.Message}", e);
        }
    }

    private static JsonDocument Parse(string path)
    {
        try
        {
            return JsonDocument.Parse(ReadBytes(path));
        }
        catch (JsonException e)
        {
            throw new TokenizerException($"{path}: expected JSON; {e.Message}", e);
        }
    }

    private static ReadOnlyMemory<byte> ReadBytes(string path)
    {
        try
        {
            ReadOnlyMemory<byte> bytes = File.ReadAllBytes(path);
            return bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TokenizerException($"{path}: no such file; expected the tokenizer.json of a checkpoint{WhatElse(path)}", e);
        }
        catch (UnauthorizedAccessException e) when (Directory.Exists(path))
        {
            throw new TokenizerException($"{path}: expected the file tokenizer.json, found a directory; name the file in it", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new TokenizerException($"{path}: cannot be read; {e.Message}", e);
        }
    }

    /// <summary>The folder may hold a tokenizer of a kind that we do not read.</summary>
    private static string WhatElse(string path)
    {
        var others = new[] { "tokenizer.model", "tiktoken.model", "vocab.json", "vocab.txt", "tekken.json" };
        var directory = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "";
        return Array.Find(others, other => File.Exists(Path.Combine(directory, other))) is { } found
            ? $", found {found}; convert it to a tokenizer.json (transformers: AutoTokenizer.from_pretrained(...).save_pretrained(...))"
            : "; copy it there from the model's page";
    }
}
