using Moesaic.Checkpoints;
using static TorchSharp.torch;

namespace Moesaic.Tests.Checkpoints;

/// <summary>The layouts themselves are in <see cref="WeightLayoutTests"/>, which writes whatever it has read.</summary>
public sealed class CheckpointWriterTests : IDisposable
{
    private readonly CheckpointCase _case = new();

    public void Dispose() => _case.Dispose();

    [Fact]
    public void WhatIsWritten_IsReadAgain()
    {
        using var model = Model();
        RandomWeights.Fill(model, seed: 1, ScalarType.BFloat16);
        CheckpointWriter.Write(model, _case.FilePath);
        using var again = Model();
        _case.Load(again);

        Assert.Equal(ScalarType.Float32, again["bias"].dtype);
        Assert.True(model["w"].equal(again["w"]).all().item<bool>());
        Assert.True(model["bias"].equal(again["bias"]).all().item<bool>());
    }

    [Fact]
    public void ModelWithoutValues_IsRefused()
    {
        using var model = Model();
        Assert.Contains("RandomWeights.Fill", Assert.Throws<InvalidOperationException>(() => CheckpointWriter.Write(model, _case.FilePath)).Message);
        Assert.False(File.Exists(_case.FilePath));
    }

    [Fact]
    public void TwoParametersUnderOneName_AreRefused()
    {
        using var model = Model().With("other", [2], "w");
        RandomWeights.Fill(model, seed: 1, ScalarType.Float32);
        Assert.Contains("two, w and other", Assert.Throws<CheckpointException>(() => CheckpointWriter.Write(model, _case.FilePath)).Message);
    }

    private static TestModule Model() => new TestModule().With("w", [3, 4]).With("bias", [3], dtype: ScalarType.Float32);
}
