using Moesaic.Kernels.Cpu;

namespace Moesaic.Tests.Kernels;

public sealed class TeamTests
{
    public static TheoryData<string> Teams() => ["shared", "own"];

    [Theory]
    [MemberData(nameof(Teams))]
    public void EveryItem_IsRunOnce(string name)
    {
        var team = Team(name);
        for (var repeat = 0; repeat < 50; repeat++)
        {
            var counts = new int[97];
            team.Run(counts.Length, long.MaxValue, item => Interlocked.Increment(ref counts[item]));
            Assert.All(counts, count => Assert.Equal(1, count));
        }
    }

    [Theory]
    [MemberData(nameof(Teams))]
    public void AnItemThatThrows_IsTheCallersError(string name)
    {
        var team = Team(name);
        var error = Assert.Throws<InvalidDataException>(() => team.Run(16, long.MaxValue, item => throw new InvalidDataException("of an item")));
        Assert.Equal("of an item", error.Message);
        EveryItem_IsRunOnce(name);
    }

    [Theory]
    [MemberData(nameof(Teams))]
    public void AJobWithinAnItem_IsRunToo(string name)
    {
        var team = Team(name);
        var count = 0;
        team.Run(8, long.MaxValue, _ => team.Run(8, long.MaxValue, _ => Interlocked.Increment(ref count)));
        Assert.Equal(64, count);
    }

    [Theory]
    [MemberData(nameof(Teams))]
    public void CallersAtTheSameTime_DoNotDisturbEachOther(string name)
    {
        var team = Team(name);
        Parallel.For(0, 8, _ =>
        {
            var count = 0;
            team.Run(33, long.MaxValue, _ => Interlocked.Increment(ref count));
            Assert.Equal(33, count);
        });
    }

    private static Team Team(string name) => name == "own" ? new WorkerTeam() : Moesaic.Kernels.Cpu.Team.Shared;
}
