namespace Moesaic.Kernels.Tests;

/// <summary>Places of a ring, and how often it was gone round.</summary>
public sealed class RingPlaceTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void NextAndSkip_CountPlacesAndTurns(int places)
    {
        var one = default(RingPlace);
        for (var used = 0; used < 50; used++)
        {
            Assert.Equal((used % places, (used / places) & 1), (one.Index, one.Phase));
            Assert.Equal(one, default(RingPlace).Skip(used, places));
            one = one.Next(places);
        }
    }
}
