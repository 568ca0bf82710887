namespace Moesaic.Cli.Tests;

/// <summary>What the tool says of experts that stay quantized.</summary>
public sealed class QuantizedInspectTests
{
    [Theory]
    [InlineData("auto", "eager, which runs everywhere; fused cannot: the weights stay quantized; grouped cannot: the weights stay quantized, and _grouped_mm takes none that are")]
    [InlineData("bfloat16", "fused, which reads each weight once")]
    public void Inspect_SaysWhatRunsThem(string dtype, string backend)
    {
        var result = Tool.Run("inspect", "--model", TestData.Golden("gpt_oss_mxfp4"), "--dtype", dtype);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains($"backend     {backend}", result.Stdout);
    }
}
