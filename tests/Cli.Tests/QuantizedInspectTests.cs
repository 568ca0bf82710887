namespace Moesaic.Cli.Tests;

/// <summary>What the tool says of experts that stay quantized.</summary>
public sealed class QuantizedInspectTests
{
    [Theory]
    [InlineData("gpt_oss_mxfp4", "auto", "fused, which reads each weight once")]
    [InlineData("gpt_oss_mxfp4", "bfloat16", "fused, which reads each weight once")]
    [InlineData("qwen3_moe_fp8", "auto", "eager, which runs everywhere; fused cannot: the weights stay quantized, and model.layers.0.mlp.experts.0.gate_proj.weight: its scales cover 16 columns each, and the kernel takes 128 or whole rows; grouped cannot: the weights stay quantized, and _grouped_mm takes none that are")]
    [InlineData("qwen3_moe_fp8", "bfloat16", "fused, which reads each weight once")]
    public void Inspect_SaysWhatRunsThem(string model, string dtype, string backend)
    {
        var result = Tool.Run("inspect", "--model", TestData.Golden(model), "--dtype", dtype);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains($"backend     {backend}", result.Stdout);
    }
}
