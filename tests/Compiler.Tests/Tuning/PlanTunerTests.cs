namespace Moesaic.Kernels.Tests;

/// <summary>Which plan is chosen, and that it is measured once. No GPU is needed: a function says how long plans take.</summary>
public sealed class PlanTunerTests : IDisposable
{
    private static readonly ExpertSizes Sizes = new(2048, 768, 128, 8);
    private static readonly LayerPlan[] Plans = [StreamPlan.For(Sizes, 64), new TiledPlan(16), new TiledPlan(4)];

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"plans-{Guid.NewGuid():N}");

    private PlanFile File => new(Path.Combine(_folder, "moesaic", "plans.txt"));

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public void FastestPlan_IsMeasuredOnce_AndKept()
    {
        var measured = new List<LayerPlan>();
        var tuner = new PlanTuner(File);
        Assert.Same(Plans[1], tuner.Choose(Key(64), () => Plans, Time));
        Assert.Same(Plans[1], tuner.Choose(Key(50), () => Plans, Time));
        Assert.Equal(Plans, measured);

        // Another process.
        Assert.Same(Plans[1], new PlanTuner(File).Choose(Key(33), () => Plans, Time));
        Assert.Equal(Plans, measured);

        double Time(LayerPlan plan)
        {
            measured.Add(plan);
            return plan == Plans[1] ? 1 : 2;
        }
    }

    [Fact]
    public void CallsOfAnotherSize_AreMeasuredAnew()
    {
        var tuner = new PlanTuner(File);
        Assert.Same(Plans[1], tuner.Choose(Key(64), () => Plans, plan => plan == Plans[1] ? 1 : 2));
        Assert.Same(Plans[2], tuner.Choose(Key(65), () => Plans, plan => plan == Plans[2] ? 1 : 2));
        Assert.Same(Plans[0], tuner.Choose(Key(64) with { IsGated = false }, () => Plans, plan => plan == Plans[0] ? 1 : 2));
    }

    [Fact]
    public void WhileNothingCanBeMeasured_TheModelDecides_AndNothingIsKept()
    {
        var tuner = new PlanTuner(File);
        Assert.Same(Plans[0], tuner.Choose(Key(64), () => Plans, time: null));
        Assert.Same(Plans[2], tuner.Choose(Key(64), () => Plans, plan => plan == Plans[2] ? 1 : 2));
    }

    [Fact]
    public void PlanThatIsNoMore_IsMeasuredAgain()
    {
        Assert.True(File.Add(Key(64).ToString(), "a plan of an older version"));
        Assert.Same(Plans[2], new PlanTuner(File).Choose(Key(64), () => Plans, plan => plan == Plans[2] ? 1 : 2));
        Assert.Equal(Plans[2].ToString(), File.Read()[Key(64).ToString()]);
    }

    [Fact]
    public void FileThatCannotBeWritten_CostsNothingButTime()
    {
        Directory.CreateDirectory(_folder);
        System.IO.File.WriteAllText(Path.Combine(_folder, "moesaic"), "a file where the folder should be");
        Assert.Same(Plans[1], new PlanTuner(File).Choose(Key(64), () => Plans, plan => plan == Plans[1] ? 1 : 2));
        Assert.Empty(File.Read());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(64)]
    [InlineData(4096)]
    public void PlansThatAreTried_BeginWithTheModels_AndHaveTheirKernelsInEveryFile(int tokens)
    {
        foreach (var format in Enum.GetValues<WeightFormat>())
        {
            var near = CudaPlans.Near((9, 0), Sizes, isGated: true, tokens, format);
            Assert.Equal(CudaPlans.For((9, 0), Sizes, isGated: true, tokens, format), near[0]);
            Assert.Equal(near.Distinct(), near);
            Assert.InRange(near.Count, 1, 5);
            var needed = NeededKernels.OfAll().Concat(NeededKernels.Of(typeof(SwiGlu))).ToHashSet();
            Assert.All(near.SelectMany(static plan => plan.ProductsOf(typeof(SwiGlu), KernelTarget.HopperOrLater)), name => Assert.Contains(name, needed));
        }
    }

    private static PlanKey Key(int tokens) => PlanKey.Of(Sizes, isGated: true, WeightFormat.BFloat16, tokens);
}
