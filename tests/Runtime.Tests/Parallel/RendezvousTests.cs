using System.Net;
using System.Net.Sockets;
using Moesaic.Communication;

namespace Moesaic.Tests.Communication;

/// <summary>Ranks that meet at the first of them, as processes without mpirun do; here they are threads.</summary>
public sealed class RendezvousTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public void Numbers_ReachAllRanksOfEachGroup()
    {
        using var ranks = new Meeting(5);
        ranks.Run((control, rank) =>
        {
            var all = new long[10];
            for (var call = 0; call < 100; call++)
            {
                control.Gather([rank, call], all);
                Assert.Equal(Enumerable.Range(0, 5).SelectMany(other => (long[])[other, call]), all);
            }

            using var half = control.Split(rank % 2, rank / 2, rank % 2 == 0 ? 3 : 2, "half");
            var members = new long[rank % 2 == 0 ? 3 : 2];
            half.Gather([rank], members);
            Assert.Equal(rank % 2 == 0 ? [0, 2, 4] : [1, 3], members);
        });

        Assert.Empty(ranks.Said);
        Assert.Empty(ranks.Ended);
    }

    [Fact]
    public void RankThatEndsWithoutAWord_EndsTheOthers()
    {
        using var ranks = new Meeting(4);
        ranks.Links[2].Dispose(); // What the system does to a process that is killed.

        ranks.AwaitEnd();

        Assert.Equal(["rank 2 of 4 ended without a word: it was killed, or its connection broke"], ranks.Said);
        Assert.Equal([0, 1, 3], ranks.Ended.Order());
    }

    [Fact]
    public void FirstRankThatEndsWithoutAWord_IsToldByTheNext()
    {
        using var ranks = new Meeting(3);
        ranks.Server.Dispose();

        ranks.AwaitEnd(1);

        Assert.Equal(["rank 0 of 3 ended without a word: it was killed, or its connection broke"], ranks.Said);
    }

    [Fact]
    public void RankThatFails_IsToldByTheFirst()
    {
        using var ranks = new Meeting(3);

        Assert.True(ranks.Links[1].TellFailure("rank 1 of 3: out of memory"));

        ranks.AwaitEnd();
        Assert.Equal(["rank 1 of 3: out of memory"], ranks.Said);
    }

    [Fact]
    public void RankThatFailsBeforeItJoins_IsToldByTheFirst()
    {
        using var ranks = new Meeting(3, joining: 2);

        Assert.True(RankLink.TellFailure(ranks.Address, 2, 3, "rank 2 of 3: no such folder"));

        ranks.AwaitEnd();
        Assert.Equal(["rank 2 of 3: no such folder"], ranks.Said);
    }

    [Fact]
    public async Task FailureOfTheFirst_ReachesThoseWhoComeLater()
    {
        using var ranks = new Meeting(3, joining: 0);
        var failing = Task.Run(() => ranks.Server.Fail("no such folder"));
        Assert.True(SpinWait.SpinUntil(() => ranks.Said.Length > 0, Limit)); // It has failed, and waits for those who come.
        var told = Task.Run(() => RankLink.TellFailure(ranks.Address, 1, 3, "rank 1 of 3: no such folder"));
        var ended = 0;

        RankLink.Join(ranks.Address, 2, 3, Limit, _ => Interlocked.Increment(ref ended)).Dispose();

        Assert.True(await told.WaitAsync(Limit));
        await failing.WaitAsync(Limit);
        Assert.Equal(["no such folder"], ranks.Said);
        Assert.True(ended >= 1);
    }

    [Theory]
    [InlineData(1, 5, "rank 1 has WORLD_SIZE=5, rank 0 has 3; start all ranks alike")]
    [InlineData(3, 3, "RANK: expected 0 to 2, found 3; correct the environment")]
    [InlineData(1, 3, "two processes have RANK=1; number them 0 to 2")]
    public void RanksThatDoNotFit_AreNamed(int rank, int size, string words)
    {
        using var ranks = new Meeting(3, joining: 2);
        var ended = 0;

        using var link = RankLink.Join(ranks.Address, rank, size, Limit, _ => Interlocked.Increment(ref ended));

        ranks.AwaitEnd();
        Assert.Equal([words], ranks.Said);
        Assert.True(ended >= 1);
    }

    [Fact]
    public void RankThatNeverComes_IsNamedInTime()
    {
        using var ranks = new Meeting(3, joining: 2);
        var control = new LinkedControl(ranks.Links[0], 0, 0, 3, "world", TimeSpan.FromMilliseconds(200)) { Missing = () => ranks.Server.Missing };

        var error = Assert.Throws<CommunicationException>(() => control.Gather([1], new long[3]));

        Assert.StartsWith("rank 0 of 3 waited 0.2 s for the other ranks of 'world': rank 2 did not come", error.Message);
    }

    [Fact]
    public void NobodyThere_IsAnErrorInTime()
    {
        var error = Assert.Throws<CommunicationException>(() => RankLink.Join(FreePort(), 1, 2, TimeSpan.FromMilliseconds(200), _ => { }));

        Assert.StartsWith("rank 1 of 2 waited 0.2 s for rank 0 at MASTER_ADDR:MASTER_PORT, 127.0.0.1:", error.Message);
    }

    [Fact]
    public void SomethingElseThere_IsAnError()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = listener.AcceptTcpClientAsync().ContinueWith(static client => client.Result.GetStream().Write(new byte[64]), TaskScheduler.Default);

        Assert.Contains("found something else", Assert.Throws<CommunicationException>(() => RankLink.Join((IPEndPoint)listener.LocalEndpoint, 1, 2, Limit, _ => { })).Message);
    }

    [Fact]
    public void Strangers_AreIgnored()
    {
        using var ranks = new Meeting(2, joining: 1);
        using (var stranger = new TcpClient())
        {
            stranger.Connect(ranks.Address);
            stranger.GetStream().Write(new byte[64]);
        }

        ranks.Join(1);
        ranks.Run((control, rank) => control.Gather([rank], new long[2]));
        Assert.Empty(ranks.Said);
    }

    private static IPEndPoint FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }

    /// <summary>Ranks and what becomes of them.</summary>
    private sealed class Meeting : IDisposable
    {
        private readonly int _size;
        private readonly List<string> _said = [];
        private readonly List<int> _ended = [];
        private readonly TcpListener _listener;

        internal Meeting(int size, int? joining = null)
        {
            (_size, Address) = (size, FreePort());
            _listener = new(Address);
            Server = new(_listener, size, Say, () => End(0, null));
            for (var rank = 0; rank < (joining ?? size); rank++)
            {
                Join(rank);
            }
        }

        internal IPEndPoint Address { get; }

        internal RankServer Server { get; }

        internal List<RankLink> Links { get; } = [];

        internal string[] Said
        {
            get
            {
                lock (_said)
                {
                    return [.. _said];
                }
            }
        }

        internal int[] Ended
        {
            get
            {
                lock (_said)
                {
                    return [.. _ended];
                }
            }
        }

        public void Dispose()
        {
            Links.ForEach(static link => link.Dispose());
            Server.Dispose();
        }

        internal void Join(int rank) => Links.Add(RankLink.Join(Address, rank, _size, Limit, why => End(rank, why)));

        internal void Run(Action<IControl, int> body)
        {
            Task[] ranks = [.. Links.Select((link, rank) => Task.Run(() =>
            {
                body(new LinkedControl(link, 0, rank, _size, "world", Limit), rank);
                link.Leave();
            }))];
            Assert.True(Task.WaitAll(ranks, Limit));
            Server.AwaitAll(Limit);
        }

        /// <summary>Returns when a rank has ended; the first does last, where it lives.</summary>
        internal void AwaitEnd(int rank = 0) =>
            Assert.True(SpinWait.SpinUntil(() => Ended.Contains(rank), Limit), string.Join("; ", Said));

        private void Say(string why)
        {
            lock (_said)
            {
                _said.Add(why);
            }
        }

        private void End(int rank, string? why)
        {
            lock (_said)
            {
                _ended.Add(rank);
                if (why is not null)
                {
                    _said.Add(why);
                }
            }

            Links.ElementAtOrDefault(rank)?.Dispose(); // As the end of a process would.
        }
    }
}
