using System.Globalization;
using Moesaic.Configs;

namespace Moesaic;

/// <summary>Which kind of layer stands where: <c>layer_types</c> of config.json, or a rule where it has none.</summary>
/// <remarks>
/// Older configs say <c>mamba</c> for <c>linear_attention</c> and <c>attention</c> for <c>full_attention</c>; MiMo's list 1 for
/// <c>sliding_attention</c> and 0 for <c>full_attention</c> in <c>hybrid_layer_pattern</c>.
/// </remarks>
public sealed class LayerTypes : IConfigValue<LayerTypes>
{
    private const string Key = "layer_types";

    private readonly ConfigReader _reader;
    private readonly IReadOnlyList<string>? _types;

    private LayerTypes(ConfigReader reader, IReadOnlyList<string>? types) => (_reader, _types) = (reader, types);

    /// <inheritdoc/>
    public static LayerTypes Read(ConfigReader reader)
    {
        var types = reader.OptionalStrings(Key, "layers_block_type")
            ?? reader.OptionalInt32s("hybrid_layer_pattern")?.Select(static slides => slides == 0 ? "full_attention" : "sliding_attention").ToArray();
        var layers = reader.RequiredInt32("num_hidden_layers");
        return types is null || types.Count == layers
            ? new(reader, types)
            : throw reader.Error(Key, $"one for each of num_hidden_layers = {layers}", $"{types.Count}", "correct the config");
    }

    /// <summary>The kind of one layer.</summary>
    /// <param name="layerIndex">Which.</param>
    /// <param name="otherwise">Its kind where config.json does not say.</param>
    /// <param name="known">Every kind that the model has.</param>
    /// <exception cref="ConfigException">config.json says another, or nothing and there is no <paramref name="otherwise"/>.</exception>
    public string At(int layerIndex, string? otherwise, params ReadOnlySpan<string> known)
    {
        var found = _types?[layerIndex] ?? otherwise;
        var type = found switch
        {
            "mamba" => "linear_attention",
            "attention" => "full_attention",
            _ => found,
        };
        return type is not null && known.Contains(type)
            ? type
            : throw _reader.Error(
                string.Create(CultureInfo.InvariantCulture, $"{Key}[{layerIndex}]"), string.Join(" or ", known.ToArray()), found ?? "none", "this model has no other kind of layer");
    }
}
