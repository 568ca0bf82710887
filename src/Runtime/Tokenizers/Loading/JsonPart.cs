using System.Globalization;
using System.Text.Json;

namespace Moesaic.Tokenizers.Loading;

/// <summary>A value in tokenizer.json that knows where it stands, so that every complaint can say so.</summary>
internal readonly struct JsonPart(string file, string key, JsonElement element)
{
    /// <summary>Far above any vocabulary, and small enough for an array of tokens.</summary>
    internal const int LargestTokenId = (1 << 24) - 1;

    /// <summary>The value's path in the file: model.merges[3].</summary>
    internal string Key => key.Length == 0 ? "the document" : key;

    internal JsonElement Element => element;

    /// <summary>The member of that name, which must be there and not null.</summary>
    internal JsonPart this[string name] =>
        TryGet(name) ?? throw Fail($"expected the key \"{name}\", found none");

    /// <summary>The member of that name; null if it is not there, or null in the file.</summary>
    internal JsonPart? TryGet(string name)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Fail($"expected an object, found {Found()}");
        }

        return element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? new(file, key.Length == 0 ? name : $"{key}.{name}", value) : null;
    }

    internal string Text() => element.ValueKind == JsonValueKind.String ? element.GetString()! : throw Fail($"expected a string, found {Found()}");

    /// <summary>A string of exactly one character, as a string, since it may take two UTF-16 units.</summary>
    internal string Character()
    {
        var text = Text();
        return text.Length == 1 || (text.Length == 2 && char.IsSurrogatePair(text, 0)) ? text : throw Fail($"expected one character, found \"{text}\"");
    }

    internal int Count() => element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var value) && value >= 0
        ? value
        : throw Fail($"expected a whole number of 0 or more, found {Found()}");

    internal int TokenId() => Count() is var id && id <= LargestTokenId ? id : throw Fail($"expected an id of up to {LargestTokenId}, found {id}");

    internal bool Flag(string name, bool otherwise) => TryGet(name) is { } part ? part.Flag() : otherwise;

    internal IEnumerable<JsonPart> Items()
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            throw Fail($"expected an array, found {Found()}");
        }

        var (file, key) = (File, Key);
        return element.EnumerateArray().Select((item, index) => new JsonPart(file, string.Create(CultureInfo.InvariantCulture, $"{key}[{index}]"), item));
    }

    /// <summary>An exception whose line names the file and the key, and then <paramref name="problem"/>.</summary>
    internal TokenizerException Fail(string problem, Exception? inner = null) => new($"{file}: {Key}: {problem}", inner);

    /// <summary>An exception for a part of a kind that is not supported.</summary>
    internal TokenizerException Unsupported(string what, string supported) =>
        Fail($"the {what} \"{this["type"].Text()}\" is not supported; expected {supported}; convert the tokenizer to one of these");

    internal string Found() => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.Null or JsonValueKind.Undefined => "null",
        JsonValueKind.String => $"\"{element.GetString()}\"",
        _ => element.GetRawText(),
    };

    private string File => file;

    private bool Flag() => element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Fail($"expected true or false, found {Found()}"),
    };
}
