using Moesaic.Kernels.Cpu;
using Moesaic.Tests.Checkpoints;

namespace Moesaic.Tests.Kernels;

public sealed class CrossoverTests
{
    [Fact]
    public void WhatIsWritten_IsReadAgain()
    {
        using var folder = new TemporaryFolder();
        var file = new CrossoverFile(folder["cpu/rows.txt"]);
        Assert.Null(file.Read());
        Assert.True(file.Write(12));
        Assert.Equal(new Crossover(12, $"measured before, {file.Path}"), file.Read());
        Assert.True(file.Write(Crossover.Never));
        Assert.StartsWith("no expert goes to libtorch's matrix product", file.Read()!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("twelve")]
    [InlineData("99999999999999999999")]
    public void ADamagedFile_IsMeasuredAnew(string content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["rows.txt"], content);
        Assert.Null(new CrossoverFile(folder["rows.txt"]).Read());
    }

    [Fact]
    public void AFolderThatCannotBeMade_IsNoError()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["file"], "");
        Assert.False(new CrossoverFile(folder["file/rows.txt"]).Write(12));
    }

    [Fact]
    public void TheVariable_Overrides()
    {
        Assert.Null(Crossovers.Parse(null));
        Assert.Null(Crossovers.Parse(""));
        Assert.Equal("experts with 9 rows or more go to libtorch's matrix product, as MOESAIC_FUSED_ROWS says", Crossovers.Parse("9")!.ToString());
        Assert.Equal(Crossover.Never, Crossovers.Parse("never")!.Rows);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("often")]
    public void AVariableThatIsNoNumberOfRows_IsRefused(string text)
    {
        var error = Assert.Throws<LibtorchException>(() => Crossovers.Parse(text));
        Assert.Equal($"MOESAIC_FUSED_ROWS={text}: expected a number of rows, 1 or more, or 'never'; unset it to have it measured", error.Message);
    }

    [Fact]
    public void AMeasurement_EndsWithANumberOfRows() =>
        Assert.InRange(CrossoverMeasurement.Run(TorchSharp.torch.ScalarType.BFloat16, hiddenSize: 64, intermediateSize: 32), 4, Crossover.Never);
}
