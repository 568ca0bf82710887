using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Moesaic.Generators.Tests.Harness;

/// <summary>A file of a <c>&lt;MoeCheckpoint&gt;</c>, with the metadata that the targets give it.</summary>
internal sealed class CheckpointFile(string checkpoint, string model, string part, string text, string tensorParallel = "") : AdditionalText
{
    private readonly SourceText _text = SourceText.From(text, Encoding.UTF8);

    public IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>
    {
        ["build_metadata.AdditionalFiles.MoeCheckpoint"] = checkpoint,
        ["build_metadata.AdditionalFiles.MoeModel"] = model,
        ["build_metadata.AdditionalFiles.MoePart"] = part,
        ["build_metadata.AdditionalFiles.MoeTensorParallel"] = tensorParallel,
    };

    public override string Path { get; } = $"{checkpoint}/{part}.json";

    public override SourceText GetText(CancellationToken cancellationToken = default) => _text;
}
