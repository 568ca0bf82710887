using Moesaic;
using Moesaic.Configs;
using Moesaic.Testing;

namespace MyArch.Tests;

public sealed class MyArchTests
{
    private static readonly string Config = Path.Combine(AppContext.BaseDirectory, "config.json");

    static MyArchTests() => ModelRegistry.AddFrom(typeof(MyArchForCausalLm).Assembly);

    /// <summary>tensors.txt is what a checkpoint of this config holds: compare it with a real one once, and with every change from then on.</summary>
    [Fact]
    public void Tensors_AreTheCheckpoints() =>
        Assert.Equal(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "tensors.txt")), ModelCheck.Tensors(Config));

    [Fact]
    public void FusedExperts_GiveWhatEagerOnesDo() => ModelCheck.BackendsAgree(Create);

    [Fact]
    public void DeclaredLayouts_SurviveARoundTrip() => ModelCheck.RoundTrips(Create);

    [Fact]
    public void Ranks_ComputeWhatOneDoes() => ModelCheck.RanksAgree(Create);

    private static MyArchForCausalLm Create() => new(MyArchConfig.Read(ConfigReader.Load(Config)));
}
