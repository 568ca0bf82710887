using System.Globalization;
using Moesaic.Checkpoints;
using Moesaic.Configs;
using static TorchSharp.torch;

namespace Moesaic.Testing;

/// <summary>One line in an author's test project, whatever its test framework, for what every declaration must keep.</summary>
/// <remarks>Use small sizes: parameters are filled with random numbers, on the CPU.</remarks>
public static class ModelCheck
{
    /// <summary>All checks on a model of a config.json, whose architecture is in <see cref="ModelRegistry"/>.</summary>
    /// <param name="config">The file.</param>
    /// <exception cref="ConfigException">The config is unusable, or asks for an unknown architecture.</exception>
    /// <exception cref="ModelCheckException">The declaration does not keep its word.</exception>
    /// <exception cref="CheckpointException">The weight rules do not fill the parameters exactly.</exception>
    public static void All(string config)
    {
        All(() => Create(config));
        RanksAgree(() => Create(config));
    }

    /// <summary>All checks on a block, or on every block of a larger module.</summary>
    /// <param name="create">Makes the module; called three times.</param>
    /// <exception cref="ModelCheckException">The declaration does not keep its word.</exception>
    /// <exception cref="CheckpointException">The weight rules do not fill the parameters exactly.</exception>
    public static void All(Func<ExplicitModule> create)
    {
        BackendsAgree(create);
        RoundTrips(create);
    }

    /// <summary>
    /// Each backend that can run a block's experts gives what eager gives: for 0, 1, 7 and 128 tokens, all tokens to one expert, an expert
    /// without any, and the block's forward.
    /// </summary>
    /// <param name="create">Makes the module.</param>
    /// <exception cref="ModelCheckException">Two backends differ by more than the order of sums explains, or there is only eager.</exception>
    public static void BackendsAgree(Func<ExplicitModule> create)
    {
        using var module = create();
        BackendCheck.Run(module);
    }

    /// <summary>A checkpoint written in the declared layouts loads into the same parameters, equal in every element.</summary>
    /// <remarks>It holds that rules fill every parameter exactly once and can be inverted, and not that they are the released checkpoint's.</remarks>
    /// <param name="create">Makes the module; called twice.</param>
    /// <exception cref="ModelCheckException">A parameter came back different.</exception>
    /// <exception cref="CheckpointException">The weight rules do not fill the parameters exactly.</exception>
    public static void RoundTrips(Func<ExplicitModule> create) => RoundTripCheck.Run(create);

    /// <summary>Two ranks that share the model, as threads, give the logits that one gives: its matrices, and its experts.</summary>
    /// <remarks>It finds a class that says of its attention's heads that they are independent, and is wrong. Sizes that two does not divide are not cut.</remarks>
    /// <param name="create">Makes the model; called for each rank.</param>
    /// <exception cref="ModelCheckException">Logits differ.</exception>
    /// <exception cref="CheckpointException">The weight rules do not fill the parameters exactly.</exception>
    public static void RanksAgree(Func<CausalLm> create) => RanksCheck.Run(create);

    /// <summary>A checkpoint loads, in float32 on the CPU, and the model computes what a reference implementation computed.</summary>
    /// <remarks>
    /// The one check that knows whether a declaration is of the released model, and not only sound: gate and up rows that lie otherwise in one
    /// tensor, or weights that are renormalized otherwise, load without a word. A tiny checkpoint of random numbers will do.
    /// </remarks>
    /// <param name="directory">A folder with config.json and safetensors.</param>
    /// <param name="expected">The reference's numbers, in a file as <c>moesaic verify</c> reads it; null for expected.safetensors in the folder.</param>
    /// <exception cref="CheckpointException">The folder or the file is unusable, or the model computes something else.</exception>
    /// <exception cref="ConfigException">The config is unusable, or asks for an unknown architecture.</exception>
    public static void EqualsReference(string directory, string? expected = null) =>
        PretrainedModel.Load(directory, new() { Dtype = ScalarType.Float32, Reference = expected ?? Path.Combine(directory, "expected.safetensors") }).Dispose();

    /// <summary>Names and shapes of the tensors a checkpoint has, one a line: <c>lm_head.weight [2048, 32]</c>. Costs no memory at any size.</summary>
    /// <param name="config">The config.json of an architecture in <see cref="ModelRegistry"/>.</param>
    /// <exception cref="ConfigException">The config is unusable, or asks for an unknown architecture.</exception>
    public static IReadOnlyList<string> Tensors(string config)
    {
        using var model = Create(config);
        return [.. ExpectedTensor.Of(model).Select(static tensor =>
            string.Create(CultureInfo.InvariantCulture, $"{tensor.Name} [{string.Join(", ", tensor.Shape)}]"))];
    }

    private static CausalLm Create(string config)
    {
        var reader = ConfigReader.Load(config);
        return ModelRegistry.Find(reader).Create(reader);
    }
}
