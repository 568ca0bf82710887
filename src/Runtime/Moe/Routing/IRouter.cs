using static TorchSharp.torch;

namespace Moesaic;

/// <summary>How tokens choose experts.</summary>
/// <remarks>
/// Implement it on a readonly struct. Constructor parameters are numbers of the model: the generator fills each from the config
/// property of the same name (<c>topK</c> from <c>TopK</c>).
/// </remarks>
public interface IRouter
{
    /// <summary>Chooses experts and weighs them.</summary>
    /// <param name="routerLogits">[T, E], in the router's dtype.</param>
    /// <param name="selectionBias">[E] float32, moves the choice and never the weights; null where the model has none.</param>
    RoutingResult Route(Tensor routerLogits, Tensor? selectionBias);
}
