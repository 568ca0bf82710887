namespace Moesaic.Runtime.Tests.Tokenizers;

/// <summary>A theory that needs the real tokenizers, which are too large to be tracked.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RealTokenizerTheoryAttribute : TheoryAttribute
{
    public RealTokenizerTheoryAttribute()
    {
        if (RealTokenizers.Names.FirstOrDefault(static name => !File.Exists(TokenizerData.Real(name))) is { } missing)
        {
            Skip = $"tests/data/tokenizers/{missing}/tokenizer.json is not here; run tests/fetch-tokenizers.sh";
        }
    }
}
