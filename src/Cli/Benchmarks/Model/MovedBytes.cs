namespace Moesaic.Cli.Benchmarks.Model;

/// <summary>What a step has to read at least: every weight that it uses once, and what the cache holds.</summary>
internal static class MovedBytes
{
    /// <param name="network">The model.</param>
    /// <param name="experts">Experts of a layer that some row of the batch chose, on average.</param>
    /// <param name="cacheBytes">Keys, values and states of all layers.</param>
    internal static double Of(CausalLm network, double experts, double cacheBytes)
    {
        var routed = network.modules().OfType<FusedExperts>().Sum(block => experts / block.W2.shape[0] * Bytes(block));
        var others = network.modules().OfType<ExplicitModule>().Where(static module => module is not FusedExperts and not Embedding).Sum(Bytes);
        var head = network.DecoderConfig.TieWordEmbeddings ? network.modules().OfType<Embedding>().Sum(Bytes) : 0;
        return routed + others + head + cacheBytes;
    }

    private static double Bytes(ExplicitModule module) => module.Parameters.Sum(static parameter => parameter.Value.numel() * parameter.Value.element_size());
}
