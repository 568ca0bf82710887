using Moesaic.Configs;

namespace Moesaic;

/// <summary>Which layers have experts: <c>mlp_layer_types</c> of config.json, or how many of the first are dense where it has none.</summary>
/// <remarks>A <c>moe_layer_freq</c> that is a list has 1 for layers with experts and 0 for dense ones (MiMo).</remarks>
public sealed class MlpLayerTypes : IConfigValue<MlpLayerTypes>
{
    private const string Key = "mlp_layer_types";

    private readonly IReadOnlyList<string>? _types;
    private readonly int? _firstDense;

    private MlpLayerTypes(IReadOnlyList<string>? types, int? firstDense) => (_types, _firstDense) = (types, firstDense);

    /// <inheritdoc/>
    public static MlpLayerTypes Read(ConfigReader reader)
    {
        var types = reader.OptionalStrings(Key);
        if (types is null && reader.IsList("moe_layer_freq"))
        {
            types = [.. reader.RequiredInt32s("moe_layer_freq").Select(static sparse => sparse == 0 ? "dense" : "sparse")];
        }

        var layers = reader.RequiredInt32("num_hidden_layers");
        if (types is not null && types.Count != layers)
        {
            throw reader.Error(Key, $"one for each of num_hidden_layers = {layers}", $"{types.Count}", "correct the config");
        }

        return types?.FirstOrDefault(type => type is not ("dense" or "sparse")) is { } unknown
            ? throw reader.Error(Key, "dense or sparse", unknown, "this kind is not known")
            : new(types, reader.OptionalInt32("first_k_dense_replace"));
    }

    /// <summary>Whether a layer has experts; else it has a dense MLP.</summary>
    /// <param name="firstDense">How many of the first are dense where config.json does not say.</param>
    public bool IsSparse(int layerIndex, int firstDense = 1) => _types is null ? layerIndex >= (_firstDense ?? firstDense) : _types[layerIndex] == "sparse";
}
