namespace Moesaic;

/// <summary>A decoder layer that can be made without reflection; the generator implements it.</summary>
public interface IDecoderLayer<TConfig, TSelf>
    where TSelf : IDecoderLayer<TConfig, TSelf>
{
    /// <summary>Makes layer number <paramref name="layerIndex"/>, counted from 0.</summary>
    static abstract TSelf Create(TConfig config, int layerIndex);
}
