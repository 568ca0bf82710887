using System.Globalization;
using Moesaic.Checkpoints;
using Moesaic.Configs;
using Moesaic.Generation;
using Moesaic.Tokenizers;
using Moesaic.Verification;

namespace Moesaic;

/// <summary>A checkpoint folder as a running model: network, tokenizer and what ends a text.</summary>
public sealed class PretrainedModel : IDisposable
{
    private readonly Lazy<Tokenizer> _tokenizer;

    private PretrainedModel(ModelFolder folder, CausalLm network)
    {
        Directory = folder.Path;
        Definition = folder.Definition;
        Config = folder.Config;
        Network = network;
        Plan = folder.Plan;
        StopIds = StopTokens.Read(folder.Config, folder.Path);
        _tokenizer = new(() => Tokenizer.Load(Path.Combine(Directory, "tokenizer.json")));
    }

    /// <summary>The folder.</summary>
    public string Directory { get; }

    /// <summary>The declaration that config.json asked for.</summary>
    public ModelDefinition Definition { get; }

    /// <summary>config.json.</summary>
    public ConfigReader Config { get; }

    /// <summary>The network, its parameters loaded.</summary>
    public CausalLm Network { get; }

    /// <summary>Where each tensor of the checkpoint went.</summary>
    public WeightPlan Plan { get; }

    /// <summary>Ids that end a text.</summary>
    public IReadOnlySet<int> StopIds { get; }

    /// <summary>The tokenizer, read at its first use.</summary>
    /// <exception cref="TokenizerException">tokenizer.json is missing or of an unsupported kind.</exception>
    public Tokenizer Tokenizer => _tokenizer.Value;

    /// <summary>Loads a folder with config.json and safetensors.</summary>
    /// <exception cref="CheckpointException">The folder or its tensors are unusable, or the model does not compute what <see cref="LoadOptions.Reference"/> says.</exception>
    /// <exception cref="ConfigException">config.json is unusable, or asks for an unknown architecture.</exception>
    public static PretrainedModel Load(string directory, LoadOptions? options = null)
    {
        var folder = ModelFolder.Open(directory);
        try
        {
            options ??= new();
            var network = folder.Load(options);
            if (options.Reference is { } path)
            {
                Verify(network, path, options.ReferenceTolerance);
            }

            return new(folder, network);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Continues a text.</summary>
    /// <exception cref="GenerationException">The prompt is empty or too long, or the logits are no numbers.</exception>
    /// <exception cref="TokenizerException">tokenizer.json is missing or of an unsupported kind.</exception>
    public IEnumerable<TextPiece> Generate(string prompt, GenerationOptions options, CancellationToken cancellation = default)
    {
        var ids = Tokenizer.Encode(prompt);
        var decoder = new StreamingDecoder(Tokenizer);
        foreach (var id in ids)
        {
            decoder.Append(id); // The continuation starts where the prompt ends, perhaps with a space.
        }

        var tokens = new TextGenerator(Network).Generate(ids, options, cancellation);
        return Decode(tokens, decoder);
    }

    private static void Verify(CausalLm network, string path, double tolerance)
    {
        using var reference = ReferenceOutputs.Load(path, network);
        var error = VerificationResult.Run(network, reference).RelativeError;
        if (!(error <= tolerance)) // What is no number is no agreement.
        {
            throw CheckpointException.Of(
                path, "logits", string.Create(CultureInfo.InvariantCulture, $"those of the model within {tolerance:G2} of their norm"), string.Create(CultureInfo.InvariantCulture, $"a difference of {error:G2}"),
                "the declaration computes another model, or the dtype is too narrow; moesaic verify tells from which layer on");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();

    private static IEnumerable<TextPiece> Decode(IEnumerable<int> tokens, StreamingDecoder decoder)
    {
        var count = 0;
        foreach (var id in tokens)
        {
            yield return new(decoder.Append(id), ++count);
        }

        yield return new(decoder.Flush(), count);
    }
}
