namespace Moesaic.Runtime.Tests.Modules;

/// <summary>A dense decoder written by hand: what the runtime needs of a model, without a generator.</summary>
internal sealed class TinyDecoder(TinyConfig config) : CausalLm<TinyConfig, TinyLayer>(config)
{
    internal static TinyDecoder Random(TinyConfig? config = null, int seed = 1)
    {
        var model = new TinyDecoder(config ?? new());
        RandomWeights.Fill(model, seed, TorchSharp.torch.float32, deviation: 0.3);
        return model;
    }
}
