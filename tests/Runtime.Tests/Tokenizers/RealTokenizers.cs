using System.Collections.Concurrent;
using Moesaic.Tokenizers;

namespace Moesaic.Runtime.Tests.Tokenizers;

/// <summary>The real tokenizers, each loaded once.</summary>
internal static class RealTokenizers
{
    private static readonly ConcurrentDictionary<string, Lazy<Tokenizer>> Loaded = new();

    internal static IReadOnlyList<string> Names { get; } = ["qwen3", "deepseek_v3", "gptoss", "llama3_1", "llama2"];

    internal static Tokenizer Get(string name) => Loaded.GetOrAdd(name, static name => new(() => Tokenizer.Load(TokenizerData.Real(name)))).Value;
}
