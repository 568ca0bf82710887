using Moesaic.Communication;
using Moesaic.Eplb;
using static Moesaic.Tests.Communication.ParallelExpertsTests;
using static TorchSharp.torch;

namespace Moesaic.Tests.Eplb;

public sealed class BalancerLeakTests
{
    [Fact]
    public void PassesAndRebalances_LeaveNoTensor()
    {
        using var whole = Experts(new(3), experts: 6, width: 4, bias: true);
        Serve(whole, 2); // What is made once for the process is made now.

        Assert.Equal(Left(whole, 4), Left(whole, 24));
    }

    /// <summary>More tensors than before. Making a module leaves some to the garbage collector; passes and moves may not.</summary>
    private static long Left(FusedExperts<SwiGlu> whole, int passes)
    {
        using var tensors = new NewTensors();
        Serve(whole, passes);
        return tensors.Count;
    }

    /// <summary>Without a dispose scope around the passes, which would tidy up after them.</summary>
    private static void Serve(FusedExperts<SwiGlu> whole, int passes) => ThreadWorld.Run(2, world =>
    {
        using var context = new ParallelContext(world, new() { Expert = 2 });
        using var part = Part(whole, context);
        using var balancer = new ExpertBalancer(
            [new(part.Ranks!.Slots(CPU), 1, () => part.SlotTensors, part.HoldExperts)], new() { Interval = 2, Window = 2, LogInterval = 1 }, context.Experts, true);
        using var x = ones(4, D);
        using var weights = ones(4, 2);
        for (var pass = 0; pass < passes; pass++)
        {
            using var ids = tensor([.. Enumerable.Range(0, 8).Select(i => (i + (i * pass)) % 6)], [4, 2], dtype: int32);
            part.Forward(x, ids, weights).Dispose();
            balancer.Step();
        }

        balancer.Resize(1);
        Assert.Equal(passes / 2, balancer.Rebalances);
    });

    private static FusedExperts<SwiGlu> Part(FusedExperts<SwiGlu> whole, ParallelContext context)
    {
        using var scope = NewDisposeScope();
        return PartOf(whole, context, ExpertPlacement.WithRedundant(6, 6, 2), experts: 6, width: 4, bias: true);
    }
}
