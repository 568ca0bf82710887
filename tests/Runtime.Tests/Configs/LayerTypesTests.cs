using Moesaic.Configs;

namespace Moesaic.Tests.Configs;

public sealed class LayerTypesTests
{
    [Fact]
    public void OldNames_MeanTheNewOnes()
    {
        var types = Read("""{"num_hidden_layers":3,"layer_types":["mamba","attention","full_attention"]}""");

        Assert.Equal("linear_attention", At(types, 0));
        Assert.Equal("full_attention", At(types, 1));
        Assert.Equal("full_attention", At(types, 2));
    }

    [Fact]
    public void ConfigThatDoesNotSay_LeavesItToTheModel() =>
        Assert.Equal("full_attention", Read("""{"num_hidden_layers":3}""").At(2, "full_attention", "full_attention", "linear_attention"));

    [Theory]
    [InlineData("""{"num_hidden_layers":2,"layer_types":["attention"]}""", "layer_types: expected one for each of num_hidden_layers = 2, found 1")]
    [InlineData("""{"num_hidden_layers":1,"layer_types":["conv"]}""", "layer_types[0]: expected full_attention or linear_attention, found conv")]
    [InlineData("""{"num_hidden_layers":1}""", "layer_types[0]: expected full_attention or linear_attention, found none")]
    public void WhatTheModelHasNot_IsRefused(string json, string message)
    {
        var error = Assert.Throws<ConfigException>(() => At(Read(json), 0));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains("config.json", error.Message, StringComparison.Ordinal);
    }

    private static LayerTypes Read(string json) => LayerTypes.Read(ConfigReader.Parse(json, "config.json"));

    private static string At(LayerTypes types, int index) => types.At(index, null, "full_attention", "linear_attention");
}
