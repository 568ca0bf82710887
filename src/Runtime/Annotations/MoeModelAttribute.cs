namespace Moesaic;

/// <summary>A model that config.json can ask for; the generator enters it into the assembly's registry.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class MoeModelAttribute(string modelType) : Attribute
{
    /// <summary>The <c>model_type</c> of config.json.</summary>
    public string ModelType { get; } = modelType;

    /// <summary>The <c>architectures</c> of config.json that mean this model.</summary>
    public string[] Architectures { get; init; } = [];

    /// <summary>Checkpoint tensors that this model does not use: names, with <c>*</c> for any text and <c>{key}</c> for a number of config.json.</summary>
    /// <remarks><c>model.layers.{num_hidden_layers}.*</c> is the layer after the last, which predicts one more token.</remarks>
    public string[] Ignored { get; init; } = [];
}
