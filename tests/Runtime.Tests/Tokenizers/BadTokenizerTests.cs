using System.Text.Json.Nodes;
using Moesaic.Tokenizers;

namespace Moesaic.Runtime.Tests.Tokenizers;

/// <summary>Unusable files and ids: one line that names the file, the key, what was expected and what was found.</summary>
public sealed class BadTokenizerTests
{
    [Theory]
    [InlineData("normalizer", """{ "type": "Precompiled" }""", "normalizer: the normalizer \"Precompiled\" is not supported; expected NFC, NFD,")]
    [InlineData("pre_tokenizer", """{ "type": "BertPreTokenizer" }""", "pre_tokenizer: the pre-tokenizer \"BertPreTokenizer\" is not supported; expected ByteLevel, Split,")]
    [InlineData("post_processor", """{ "type": "RobertaProcessing" }""", "post_processor: the post-processor \"RobertaProcessing\" is not supported; expected TemplateProcessing,")]
    [InlineData("decoder", """{ "type": "CTC" }""", "decoder: the decoder \"CTC\" is not supported; expected ByteLevel, Replace,")]
    [InlineData("model", """{ "type": "Unigram", "vocab": [] }""", "model: the model \"Unigram\" is not supported; expected BPE,")]
    [InlineData("model", """{ "type": "WordPiece", "vocab": {} }""", "model: the model \"WordPiece\" is not supported; expected BPE,")]
    [InlineData("decoder", """{ "type": "Sequence", "decoders": [{ "type": "Fuse" }, { "type": "WordPiece" }] }""", "decoder.decoders[1]: the decoder \"WordPiece\"")]
    [InlineData("pre_tokenizer", """{ "type": "Split", "pattern": { "Regex": "(" }, "behavior": "Isolated" }""", "pre_tokenizer.pattern.Regex: expected a regular expression in Oniguruma's syntax")]
    [InlineData("pre_tokenizer", """{ "type": "Split", "pattern": { "Regex": "a{3,2}" }, "behavior": "Isolated" }""", "pre_tokenizer.pattern.Regex: expected a regular expression in Oniguruma's syntax")]
    [InlineData("pre_tokenizer", """{ "type": "Split", "pattern": { "Glob": "*" }, "behavior": "Isolated" }""", "pre_tokenizer.pattern: expected the key \"String\" or \"Regex\", found neither")]
    [InlineData("pre_tokenizer", """{ "type": "Split", "pattern": { "String": "" }, "behavior": "Isolated" }""", "pre_tokenizer.pattern.String: expected a text to look for, found an empty string")]
    [InlineData("pre_tokenizer", """{ "type": "Split", "pattern": { "String": "a" }, "behavior": "Shuffled" }""", "pre_tokenizer.behavior: expected Removed, Isolated,")]
    [InlineData("pre_tokenizer", """{ "type": "Metaspace", "replacement": "__" }""", "pre_tokenizer.replacement: expected one character, found \"__\"")]
    [InlineData("pre_tokenizer", """{ "type": "Metaspace", "replacement": "_", "add_prefix_space": false, "prepend_scheme": "first" }""", "pre_tokenizer.prepend_scheme: expected \"never\"")]
    [InlineData("pre_tokenizer", """{ "type": "Metaspace", "replacement": "_", "prepend_scheme": "last" }""", "pre_tokenizer.prepend_scheme: expected always, first or never, found \"last\"")]
    [InlineData("pre_tokenizer", """{ "type": "ByteLevel", "use_regex": "yes" }""", "pre_tokenizer.use_regex: expected true or false, found \"yes\"")]
    [InlineData("normalizer", """{ "prepend": "x" }""", "normalizer: expected the key \"type\", found none")]
    [InlineData("normalizer", "\"NFC\"", "normalizer: expected an object, found \"NFC\"")]
    [InlineData("post_processor", """{ "type": "TemplateProcessing", "single": [{ "Sequence": { "id": "B" } }] }""", "post_processor.single[0].Sequence.id: expected \"A\", the text, found \"B\"")]
    [InlineData("post_processor", """{ "type": "TemplateProcessing", "single": [{ "SpecialToken": { "id": "<s>" } }], "special_tokens": {} }""", "post_processor.special_tokens: expected the key \"<s>\", found none")]
    [InlineData("added_tokens", """[{ "id": -1, "content": "x" }]""", "added_tokens[0].id: expected a whole number of 0 or more, found -1")]
    [InlineData("added_tokens", """[{ "id": 2147483647, "content": "x" }]""", "added_tokens[0].id: expected an id of up to 16777215, found 2147483647")]
    [InlineData("added_tokens", """[{ "id": 38, "content": "<x>" }]""", "added_tokens: \"$\" and \"<x>\" both have the id 38; expected an id of its own for each")]
    [InlineData("added_tokens", """[{ "id": 500, "content": "$" }]""", "added_tokens: \"$\" has the id 500, and 38 in model.vocab; expected one id")]
    [InlineData("added_tokens", """[{ "id": 500, "content": "<x>" }, { "id": 500, "content": "<y>" }]""", "added_tokens: \"<x>\" and \"<y>\" both have the id 500")]
    [InlineData("added_tokens", "{}", "added_tokens: expected an array, found an object")]
    [InlineData("model.vocab", "[]", "model.vocab: expected an object of tokens and ids, found an array")]
    [InlineData("model.vocab", """{ "a": 1, "b": 1 }""", "model.vocab: \"a\" and \"b\" both have the id 1")]
    [InlineData("model.vocab", """{ "a": 1.5 }""", "model.vocab: the token \"a\" has the id 1.5; expected a whole number from 0 to")]
    [InlineData("model.vocab", """{ "a": 2000000000 }""", "model.vocab: the token \"a\" has the id 2000000000; expected a whole number from 0 to")]
    [InlineData("model.merges", """[["a", "b"], ["q", "中"]]""", "model.merges: merge 0 needs the token \"ab\", which the vocabulary lacks")]
    [InlineData("model.merges", """["a b c"]""", "model.merges: merge 0 is \"a b c\"; expected \"left right\" or [\"left\", \"right\"]")]
    [InlineData("model.merges", """[["a"]]""", "model.merges: merge 0 is [\"a\"]; expected")]
    [InlineData("model.merges", """[["a", 1]]""", "model.merges: merge 0 is [\"a\",1]; expected")]
    [InlineData("model.merges", "[7]", "model.merges: merge 0 is 7; expected")]
    [InlineData("model.merges", "null", "model: expected the key \"merges\", found none")]
    [InlineData("model.unk_token", "\"<unk>\"", "model.unk_token: expected a token of the vocabulary, found \"<unk>\"")]
    [InlineData("model.dropout", "0.1", "model.dropout: expected null, found 0.1")]
    [InlineData("model.continuing_subword_prefix", "\"##\"", "model.continuing_subword_prefix: expected null or an empty string, found \"##\"")]
    [InlineData("model.end_of_word_suffix", "\"</w>\"", "model.end_of_word_suffix: expected null or an empty string, found \"</w>\"")]
    public void BadPart_IsNamed(string key, string json, string expected)
    {
        var exception = Assert.Throws<TokenizerException>(() => TokenizerData.LoadEdited(TokenizerData.ByteLevel, document =>
        {
            var path = key.Split('.');
            var parent = path.Length == 2 ? document[path[0]]! : document;
            parent[path[^1]] = JsonNode.Parse(json);
        }));

        Assert.Contains("tokenizer.json: " + expected, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Theory]
    [InlineData("", "expected JSON")]
    [InlineData("{ \"model\": ", "expected JSON")]
    [InlineData("[]", "the document: expected an object, found an array")]
    [InlineData("{}", "the document: expected the key \"model\", found none")]
    [InlineData("""{ "model": { "type": "BPE", "vocab": { "a": 0, "a": 1 }, "merges": [] } }""", "model.vocab: the token \"a\" is there twice")]
    [InlineData("""{ "model": { "type": "BPE", "vocab": { "\ud800": 0 }, "merges": [] } }""", "expected text in UTF-8")]
    public void MalformedFile_IsNamed(string text, string expected) =>
        Assert.Contains("tokenizer.json: " + expected, Assert.Throws<TokenizerException>(() => TokenizerData.LoadText(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void MissingFile_IsNamed()
    {
        var directory = Directory.CreateTempSubdirectory("moesaic-tests-").FullName;
        var path = Path.Combine(directory, "tokenizer.json");

        Assert.Equal($"{path}: no such file; expected the tokenizer.json of a checkpoint; copy it there from the model's page", Message());
        File.WriteAllText(Path.Combine(directory, "tokenizer.model"), "");
        Assert.Contains("found tokenizer.model; convert it to a tokenizer.json", Message(), StringComparison.Ordinal);
        Directory.Delete(directory, recursive: true);
        Assert.Contains("no such file", Message(), StringComparison.Ordinal);

        string Message() => Assert.Throws<TokenizerException>(() => Tokenizer.Load(path)).Message;
    }

    [Fact]
    public void Directory_IsNoFile()
    {
        var exception = Assert.Throws<TokenizerException>(() => Tokenizer.Load(TokenizerData.Directory));

        Assert.Equal($"{TokenizerData.Directory}: expected the file tokenizer.json, found a directory; name the file in it", exception.Message);
    }

    [Fact]
    public void ByteOrderMark_IsNoError() =>
        Assert.Equal(1, TokenizerData.LoadText("\uFEFF{ \"model\": { \"vocab\": { \"a\": 0 }, \"merges\": [] } }").VocabularySize);

    [Theory]
    [InlineData(-1)]
    [InlineData(299)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void IdOutsideOfTheVocabulary_IsNamedWithItsSize(int id)
    {
        var tokenizer = TokenizerData.LoadSmall(TokenizerData.ByteLevel);

        var exception = Assert.Throws<TokenizerException>(() => tokenizer.Decode([0, id]));

        Assert.StartsWith($"token id {id} is outside of the vocabulary: expected 0 to 298, its size is 299", exception.Message, StringComparison.Ordinal);
        Assert.Null(tokenizer.TokenOf(id));
        Assert.False(tokenizer.IsSpecial(id));
    }

    [Fact]
    public void Null_IsRefused()
    {
        var tokenizer = TokenizerData.LoadSmall(TokenizerData.ByteLevel);

        Assert.Throws<ArgumentNullException>(() => Tokenizer.Load(null!));
        Assert.Throws<ArgumentNullException>(() => tokenizer.Encode(null!));
        Assert.Throws<ArgumentNullException>(() => tokenizer.IdOf(null!));
        Assert.Throws<ArgumentNullException>(() => new StreamingDecoder(null!));
    }
}
