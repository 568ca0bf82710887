using Moesaic.Configs;

namespace Moesaic.Tests.Configs;

public sealed class LayerListTests
{
    [Fact]
    public void KindsOfLayers_AreReadInEverySpelling()
    {
        Assert.Equal("sliding_attention", Layers("\"layer_types\":[\"full_attention\",\"sliding_attention\"]").At(1, null, "full_attention", "sliding_attention"));
        Assert.Equal("full_attention", Layers("\"layers_block_type\":[\"mamba\",\"attention\"]").At(1, null, "full_attention", "linear_attention"));
        Assert.Equal("sliding_attention", Layers("\"hybrid_layer_pattern\":[0,1]").At(1, null, "full_attention", "sliding_attention"));
        Assert.Equal("full_attention", Layers("\"layer_types\":null").At(1, "full_attention", "full_attention"));
    }

    [Fact]
    public void LayersWithExperts_AreReadInEverySpelling()
    {
        Assert.Equal([false, true], Sparse("\"mlp_layer_types\":[\"dense\",\"sparse\"]"));
        Assert.Equal([true, false], Sparse("\"moe_layer_freq\":[1,0]"));
        Assert.Equal([true, true], Sparse("\"first_k_dense_replace\":0,\"moe_layer_freq\":1"));
        Assert.Equal([false, true], Sparse("\"x\":0"));
    }

    [Theory]
    [InlineData("\"mlp_layer_types\":[\"dense\"]", "mlp_layer_types: expected one for each of num_hidden_layers = 2, found 1")]
    [InlineData("\"mlp_layer_types\":[\"dense\",\"odd\"]", "mlp_layer_types: expected dense or sparse, found odd")]
    [InlineData("\"moe_layer_freq\":[1,1,1]", "expected one for each of num_hidden_layers = 2, found 3")]
    public void ListThatFitsNoModel_IsRefused(string json, string message) =>
        Assert.Contains(message, Assert.Throws<ConfigException>(() => Sparse(json)).Message, StringComparison.Ordinal);

    private static LayerTypes Layers(string json) => LayerTypes.Read(Parse(json));

    private static bool[] Sparse(string json)
    {
        var types = MlpLayerTypes.Read(Parse(json));
        return [types.IsSparse(0), types.IsSparse(1)];
    }

    private static ConfigReader Parse(string json) => ConfigReader.Parse($"{{\"num_hidden_layers\":2,{json}}}", "config.json");
}
