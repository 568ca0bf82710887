using System.Globalization;
using System.Text.RegularExpressions;
using Moesaic.Configs;

namespace Moesaic;

/// <summary>An architecture that a checkpoint's config.json can ask for.</summary>
/// <param name="Name">The class that declares it.</param>
/// <param name="ModelType">The <c>model_type</c> of config.json.</param>
/// <param name="Architectures">The <c>architectures</c> of config.json that mean it.</param>
/// <param name="Ignored">Checkpoint tensors that it does not use: names, with <c>*</c> for any text and <c>{key}</c> for a number of config.json.</param>
/// <param name="Create">Reads the config and makes the model, its parameters on the meta device.</param>
public sealed partial record ModelDefinition(
    string Name,
    string ModelType,
    IReadOnlyList<string> Architectures,
    IReadOnlyList<string> Ignored,
    Func<ConfigReader, CausalLm> Create)
{
    /// <summary>What lets tokens see each other: the kinds of attention and of recurrent layers.</summary>
    public IReadOnlyList<string> Mixers { get; init; } = [];

    /// <summary>The Mixture-of-Experts blocks; a config chooses between several.</summary>
    public IReadOnlyList<BlockOutline> Blocks { get; init; } = [];

    /// <summary><see cref="Ignored"/> for one config, whose numbers stand for their keys.</summary>
    /// <exception cref="ConfigException">A key is missing, or is no number.</exception>
    internal IEnumerable<string> IgnoredIn(ConfigReader config) => Ignored.Select(pattern => KeyInBraces().Replace(
        pattern, match => config.RequiredInt32(match.Groups[1].Value).ToString(CultureInfo.InvariantCulture)));

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex KeyInBraces();
}
