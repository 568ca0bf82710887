using Moesaic.Configs;

namespace Moesaic;

/// <summary>An architecture that a checkpoint's config.json can ask for.</summary>
/// <param name="Name">The class that declares it.</param>
/// <param name="ModelType">The <c>model_type</c> of config.json.</param>
/// <param name="Architectures">The <c>architectures</c> of config.json that mean it.</param>
/// <param name="Ignored">Checkpoint tensors that it does not use: names, with <c>*</c> for any text.</param>
/// <param name="Create">Reads the config and makes the model, its parameters on the meta device.</param>
public sealed record ModelDefinition(
    string Name,
    string ModelType,
    IReadOnlyList<string> Architectures,
    IReadOnlyList<string> Ignored,
    Func<ConfigReader, CausalLm> Create);
