using System.Runtime.InteropServices;
using System.Text.Json;
using Moesaic.Tokenizers.Loading;

namespace Moesaic.Tokenizers.Models;

/// <summary>Reads the key "model.merges": "left right" in older files and ["left", "right"] in newer ones.</summary>
/// <remarks>Straight from the file's bytes: there are up to half a million, and a string for each would take longer than all else.</remarks>
internal ref struct MergeReader
{
    private readonly JsonPart _part;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _ids;
    private Utf8JsonReader _json;
    private char[] _token = new char[256]; // of the current merge: left, then right
    private int _rank;

    private MergeReader(JsonPart part, Dictionary<string, int> ids)
    {
        _part = part;
        _ids = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        _json = new(JsonMarshal.GetRawUtf8Value(part.Element));
    }

    internal static MergeTable Read(JsonPart part, Dictionary<string, int> ids)
    {
        if (part.Element.ValueKind != JsonValueKind.Array)
        {
            throw part.Fail($"expected an array of merges, found {part.Found()}");
        }

        var merges = new MergeTable(part.Element.GetArrayLength());
        var reader = new MergeReader(part, ids);
        for (reader._json.Read(); reader._json.Read() && reader._json.TokenType != JsonTokenType.EndArray; reader._rank++)
        {
            reader.ReadMerge(merges);
        }

        return merges;
    }

    private void ReadMerge(MergeTable merges)
    {
        var (left, length) = _json.TokenType switch
        {
            JsonTokenType.String => ReadPair(),
            JsonTokenType.StartArray => ReadArray(),
            _ => throw Malformed(),
        };
        merges.Set(IdOf(_token.AsSpan(0, left)), IdOf(_token.AsSpan(left, length - left)), new(_rank, IdOf(_token.AsSpan(0, length))));
    }

    private (int Left, int Length) ReadPair()
    {
        var length = Copy(at: 0);
        var space = _token.AsSpan(0, length).IndexOf(' ');
        if (space <= 0 || space == length - 1 || _token.AsSpan((space + 1)..length).Contains(' '))
        {
            throw Malformed();
        }

        _token.AsSpan((space + 1)..length).CopyTo(_token.AsSpan(space));
        return (space, length - 1);
    }

    private (int Left, int Length) ReadArray()
    {
        Expect(JsonTokenType.String);
        var left = Copy(at: 0);
        Expect(JsonTokenType.String);
        var length = left + Copy(at: left);
        Expect(JsonTokenType.EndArray);
        return (left, length);
    }

    private void Expect(JsonTokenType type)
    {
        if (!_json.Read() || _json.TokenType != type)
        {
            throw Malformed();
        }
    }

    /// <summary>Copies the current string to that place. Its UTF-8 never has fewer bytes than its text has units.</summary>
    private int Copy(int at)
    {
        var needed = at + _json.ValueSpan.Length;
        if (needed > _token.Length)
        {
            Array.Resize(ref _token, needed * 2);
        }

        return _json.CopyString(_token.AsSpan(at));
    }

    private readonly int IdOf(ReadOnlySpan<char> token) =>
        _ids.TryGetValue(token, out var id) ? id : throw _part.Fail($"merge {_rank} needs the token \"{token}\", which the vocabulary lacks; is the file whole?");

    private readonly TokenizerException Malformed() =>
        _part.Fail($"merge {_rank} is {_part.Element[_rank].GetRawText()}; expected \"left right\" or [\"left\", \"right\"]");
}
