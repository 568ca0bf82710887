using Moesaic.Communication;
using Moesaic.Eplb;
using static TorchSharp.torch;

namespace Moesaic.Tests.Eplb;

public sealed class SlotMoverTests
{
    /// <summary>Maps of no policy: experts may change places within a rank, and a slot may be sent and overwritten at once.</summary>
    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    [InlineData(4, 3)]
    public void AnyTwoMaps_AreJoined(int size, int perRank)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var experts = random.Next(1, (size * perRank) + 1);
            var old = TransferPlanTests.RandomMap(random, experts, size * perRank);
            var @new = TransferPlanTests.RandomMap(random, experts, size * perRank);
            ThreadWorld.Run(size, ranks =>
            {
                using var scope = NewDisposeScope();
                Tensor[] weights = [Of(old, ranks.Rank, perRank, float32), Of(old, ranks.Rank, perRank, bfloat16)];

                SlotMover.Move(TransferPlan.Between(old, @new, perRank), weights, ranks);

                Assert.All(weights, tensor => Assert.True(Of(@new, ranks.Rank, perRank, tensor.dtype).equal(tensor).all().item<bool>(), $"{old} to {@new}: rank {ranks.Rank}"));
            });
        }
    }

    /// <summary>[slots of a rank, 2]: the number of each slot's expert.</summary>
    private static Tensor Of(SlotMap map, int rank, int perRank, ScalarType dtype) =>
        tensor(map.PhysicalToLogical.Slice(rank * perRank, perRank).ToArray()).to(dtype).unsqueeze(1).repeat(1, 2);
}
