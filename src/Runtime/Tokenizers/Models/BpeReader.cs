using System.Text.Json;
using Moesaic.Tokenizers.Loading;

namespace Moesaic.Tokenizers.Models;

/// <summary>Reads the key "model".</summary>
internal sealed class BpeReader
{
    private const int LargestId = (1 << 24) - 1; // far above any vocabulary, and small enough for an array

    private readonly JsonPart _model;

    private BpeReader(JsonPart model)
    {
        _model = model;
        if ((model.TryGet("type")?.Text() ?? "BPE") != "BPE")
        {
            throw model.Unsupported("model", "BPE, byte-level or with byte fallback");
        }

        RefuseText("continuing_subword_prefix");
        RefuseText("end_of_word_suffix");
        if (model.TryGet("dropout") is { } dropout && !(dropout.Element.ValueKind == JsonValueKind.Number && dropout.Element.GetDouble() == 0))
        {
            throw dropout.Fail($"expected null, found {dropout.Found()}; encoding must not be random, so set it to null");
        }
    }

    private Dictionary<string, int> Ids { get; } = new(StringComparer.Ordinal);

    private string?[] Tokens { get; set; } = [];

    /// <summary>The model, its tokens' ids and, by id, its tokens.</summary>
    internal static (BpeModel Model, Dictionary<string, int> Ids, string?[] Tokens) Read(JsonPart part)
    {
        var reader = new BpeReader(part);
        reader.ReadVocabulary(part["vocab"]);
        var merges = reader.ReadMerges(part["merges"]);
        return (new(reader.Ids, merges, reader.ReadOptions()), reader.Ids, reader.Tokens);
    }

    private void RefuseText(string name)
    {
        if (_model.TryGet(name) is { } text && text.Text().Length > 0)
        {
            throw text.Fail($"expected null or an empty string, found {text.Found()}; such vocabularies are not supported");
        }
    }

    private BpeOptions ReadOptions()
    {
        int? unknown = null;
        if (_model.TryGet("unk_token") is { } token)
        {
            unknown = Ids.TryGetValue(token.Text(), out var id) ? id : throw token.Fail($"expected a token of the vocabulary, found {token.Found()}");
        }

        return new(unknown, _model.Flag("fuse_unk", otherwise: false), _model.Flag("byte_fallback", otherwise: false), _model.Flag("ignore_merges", otherwise: false));
    }

    private void ReadVocabulary(JsonPart part)
    {
        if (part.Element.ValueKind != JsonValueKind.Object)
        {
            throw part.Fail($"expected an object of tokens and ids, found {part.Found()}");
        }

        var tokens = new List<string?>();
        foreach (var member in part.Element.EnumerateObject())
        {
            var token = member.Name;
            if (member.Value.ValueKind != JsonValueKind.Number || !member.Value.TryGetInt32(out var id) || id is < 0 or > LargestId)
            {
                throw part.Fail($"the token \"{token}\" has the id {member.Value.GetRawText()}; expected a whole number from 0 to {LargestId}");
            }

            if (!Ids.TryAdd(token, id))
            {
                throw part.Fail($"the token \"{token}\" is there twice; expected each once");
            }

            while (tokens.Count <= id)
            {
                tokens.Add(null);
            }

            if (tokens[id] is { } other)
            {
                throw part.Fail($"\"{other}\" and \"{token}\" both have the id {id}; expected an id of its own for each");
            }

            tokens[id] = token;
        }

        Tokens = [.. tokens];
    }

    private MergeTable ReadMerges(JsonPart part)
    {
        if (part.Element.ValueKind != JsonValueKind.Array)
        {
            throw part.Fail($"expected an array of merges, found {part.Found()}");
        }

        var merges = new MergeTable(part.Element.GetArrayLength());
        var rank = 0;
        foreach (var element in part.Element.EnumerateArray())
        {
            var (left, right) = ReadMerge(part, element, rank);
            merges.Set(IdOf(part, left, rank), IdOf(part, right, rank), new(rank, IdOf(part, left + right, rank)));
            rank++;
        }

        return merges;
    }

    /// <summary>A merge is "left right" in older files and ["left", "right"] in newer ones.</summary>
    private static (string Left, string Right) ReadMerge(JsonPart part, JsonElement merge, int rank)
    {
        if (merge.ValueKind == JsonValueKind.Array && merge.GetArrayLength() == 2 && merge[0].ValueKind == JsonValueKind.String && merge[1].ValueKind == JsonValueKind.String)
        {
            return (merge[0].GetString()!, merge[1].GetString()!);
        }

        if (merge.ValueKind == JsonValueKind.String && merge.GetString()!.Split(' ') is [var left, var right])
        {
            return (left, right);
        }

        throw part.Fail($"merge {rank} is {merge.GetRawText()}; expected \"left right\" or [\"left\", \"right\"]");
    }

    private int IdOf(JsonPart part, string token, int rank) =>
        Ids.TryGetValue(token, out var id) ? id : throw part.Fail($"merge {rank} needs the token \"{token}\", which the vocabulary lacks; is the file whole?");
}
