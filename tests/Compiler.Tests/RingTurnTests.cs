namespace Moesaic.Kernels.Tests;

public sealed class RingTurnTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void PlaceAndPhase_AreThoseOfDivision(int places)
    {
        var random = new Random(places);
        var all = Enumerable.Range(0, 1000).Concat(Enumerable.Range((1 << 30) - 100, 101)).Concat(Enumerable.Range(0, 10000).Select(_ => random.Next(1 << 30)));
        Assert.All(all, used => Assert.Equal((used % places, (used / places) & 1), (RingTurn.Of(used, places), RingTurn.Phase(used, places))));
    }
}
