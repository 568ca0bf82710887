using static TorchSharp.torch;

namespace Moesaic;

/// <summary>A multimodal model of which the language model is used: its tensors stand below <c>language_model</c>, its numbers in <c>text_config</c>.</summary>
/// <remarks>The other towers' tensors are declared as ignored.</remarks>
/// <typeparam name="TModel">The language model.</typeparam>
/// <param name="languageModel">The language model, without values.</param>
public abstract class LanguageModelOf<TModel>(TModel languageModel) : CausalLm(languageModel.DecoderConfig)
    where TModel : CausalLm
{
    /// <summary>The language model.</summary>
    public TModel LanguageModel { get; } = languageModel;

    /// <inheritdoc/>
    public override Tensor forward(Tensor inputIds, AttentionContext context) => LanguageModel.forward(inputIds, context);

    /// <inheritdoc/>
    public override Tensor ForwardLast(Tensor inputIds, AttentionContext context) => LanguageModel.ForwardLast(inputIds, context);

    /// <inheritdoc/>
    protected override void RegisterChildren() => Register("language_model", LanguageModel);
}
