using Moesaic.Communication;
using static TorchSharp.torch;

namespace Moesaic.Tests.Communication;

/// <summary>Every call of a communicator, by the backend for tests; the MPI backend runs the same ones in a process each.</summary>
public sealed class CommunicatorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Calls_GiveWhatTheyPromise(int size) => ThreadWorld.Run(size, CommunicatorContract.Check);

    [Fact]
    public void Bfloat16_IsAddedInFloat32()
    {
        ThreadWorld.Run(3, communicator =>
        {
            using var values = full([4], communicator.Rank == 0 ? 256f : 1f, bfloat16);
            communicator.AllReduce(values);

            Assert.Equal(258f, values[0].to(float32).item<float>()); // 256 + 1 is 256 in bfloat16: added one by one it would stay there.
        });
    }

    [Fact]
    public void OtherSizes_NameRankAndCall()
    {
        var error = Assert.Throws<CommunicationException>(() => ThreadWorld.Run(3, communicator =>
        {
            using var values = zeros(communicator.Rank == 1 ? 5 : 4);
            communicator.AllReduce(values);
        }));

        Assert.Contains("rank 0 makes call 0, AllReduce of 16 bytes", error.Message);
        Assert.Contains("rank 1 makes call 0, AllReduce of 20 bytes", error.Message);
    }

    [Fact]
    public void OtherOrder_NamesRankAndCall()
    {
        var error = Assert.Throws<CommunicationException>(() => ThreadWorld.Run(2, communicator =>
        {
            using var values = zeros(4);
            communicator.Barrier();
            if (communicator.Rank == 0)
            {
                communicator.AllReduce(values);
            }
            else
            {
                communicator.Broadcast(values, 0);
            }
        }));

        Assert.Contains("call 1, AllReduce", error.Message);
        Assert.Contains("rank 1 makes call 1, Broadcast", error.Message);
    }

    [Fact]
    public void RowsThatNobodySends_NameBothRanks()
    {
        var error = Assert.Throws<CommunicationException>(() => ThreadWorld.Run(2, communicator =>
        {
            using var send = zeros(2, 3);
            using var receive = zeros(communicator.Rank == 1 ? 3 : 2, 3);
            communicator.AllToAll(send, [1, 1], receive, communicator.Rank == 1 ? [2, 1] : [1, 1]);
        }));

        Assert.Contains("rank 0 sends 1 rows to rank 1, which expects 2", error.Message);
    }

    [Fact]
    public void MessageOfOtherSize_NamesSender()
    {
        var error = Assert.Throws<CommunicationException>(() => ThreadWorld.Run(2, communicator =>
        {
            using var values = zeros(communicator.Rank == 0 ? 2 : 3);
            if (communicator.Rank == 0)
            {
                communicator.Send(values, 1);
            }
            else
            {
                communicator.Receive(values, 0);
            }
        }));

        Assert.Contains("a message of 12 bytes from rank 0, found 8", error.Message);
    }

    [Fact]
    public void FailingRank_EndsTheOthers()
    {
        var told = new string?[3];
        Assert.Throws<InvalidOperationException>(() => ThreadWorld.Run(3, communicator =>
        {
            try
            {
                using var group = communicator.Split(0, "group"); // Rank 1 may fail before the others have come back from it.
                if (communicator.Rank == 1)
                {
                    throw new InvalidOperationException("out of memory");
                }

                group.Barrier();
            }
            catch (CommunicationException e)
            {
                told[communicator.Rank] = e.Message;
                throw;
            }
        }));

        Assert.All([told[0], told[2]], message => Assert.Contains("rank 1 of 3 (world) failed: out of memory", message));
    }

    [Fact]
    public void RankThatNeverComes_IsAnErrorInTime()
    {
        var options = new CommunicationOptions { Timeout = TimeSpan.FromMilliseconds(200) };

        var error = Assert.Throws<CommunicationException>(() => ThreadWorld.Run(2, communicator =>
        {
            if (communicator.Rank == 0)
            {
                communicator.Barrier();
            }
        }, options));

        Assert.Contains("rank 0 of 2 (world) waited 0.2 s", error.Message);
    }

    [Fact]
    public void Counters_CountPayloadToOthers()
    {
        ThreadWorld.Run(4, communicator =>
        {
            using var all = zeros(8, 3);
            using var mine = zeros(2, 3);
            communicator.AllReduce(all);
            communicator.AllGather(mine, all, [2, 2, 2, 2]);
            using var received = zeros(communicator.Rank == 0 ? 32 : 0, 3);
            communicator.AllToAll(all, [8, 0, 0, 0], received, communicator.Rank == 0 ? [8, 8, 8, 8] : [0, 0, 0, 0]);

            var counters = communicator.Counters;
            Assert.Equal(2 * 96 * 3 / 4, counters.Bytes(CollectiveKind.AllReduce));
            Assert.Equal(24 * 3, counters.Bytes(CollectiveKind.AllGather));
            Assert.Equal(3, counters.Messages(CollectiveKind.AllGather));
            Assert.Equal(communicator.Rank == 0 ? 0 : 96, counters.Bytes(CollectiveKind.AllToAll));
            Assert.Equal(communicator.Rank == 0 ? 0 : 1, counters.Messages(CollectiveKind.AllToAll));
        });
    }
}
