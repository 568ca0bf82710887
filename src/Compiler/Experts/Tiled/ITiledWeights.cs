namespace Moesaic.Kernels;

/// <summary>What the copy engine brings of a product's weights for a step of an item.</summary>
internal interface ITiledWeights
{
    /// <summary>Of a step.</summary>
    static abstract int Bytes { get; }

    /// <summary>Asks for a step of an item; the barrier is told the bytes.</summary>
    void Fill(uint stage, uint full, TiledItem item, int step);
}

/// <summary>Nothing: others make them of codes.</summary>
internal readonly struct DecodedWeights : ITiledWeights
{
    public static int Bytes => 0;

    public void Fill(uint stage, uint full, TiledItem item, int step)
    {
    }
}
