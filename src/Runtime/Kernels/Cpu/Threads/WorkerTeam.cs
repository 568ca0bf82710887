namespace Moesaic.Kernels.Cpu;

/// <summary>Threads of our own that sleep between jobs. One job at a time; a second caller works alone meanwhile.</summary>
internal sealed class WorkerTeam : Team
{
    private readonly Lock _busy = new();
    private readonly List<SemaphoreSlim> _starts = [];
    private readonly CountdownEvent _done = new(1);
    private TeamJob? _job;

    internal override string Description => "own threads";

    private protected override void Run(int threads, TeamJob job)
    {
        if (!_busy.TryEnter())
        {
            job.Take();
            return;
        }

        try
        {
            while (_starts.Count < threads - 1)
            {
                Add();
            }

            _job = job;
            _done.Reset(threads);
            for (var i = 0; i < threads - 1; i++)
            {
                _starts[i].Release();
            }

            job.Take();
            _done.Signal();
            _done.Wait();
        }
        finally
        {
            _job = null;
            _busy.Exit();
        }
    }

    private void Add()
    {
        var start = new SemaphoreSlim(0);
        _starts.Add(start);
        new Thread(() => Work(start)) { IsBackground = true, Name = $"Moesaic experts {_starts.Count}" }.Start();
    }

    private void Work(SemaphoreSlim start)
    {
        while (true)
        {
            start.Wait();
            _job!.Take();
            _done.Signal();
        }
    }
}
