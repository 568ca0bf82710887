namespace Moesaic.Kernels.Cpu;

/// <summary>Threads that share the items of one job; a thread takes the next item when it is done with its last.</summary>
/// <remarks>What an item computes must not depend on who takes it: then results are the same from run to run.</remarks>
internal abstract class Team
{
    private const long WorthThreads = 1 << 18;

    /// <summary>libtorch's own threads where they can be had, else as many of ours.</summary>
    /// <remarks>Two sets of threads for the same cores would wait for each other: libtorch's spin for a while after each operation.</remarks>
    internal static Team Shared { get; } = (Team?)OpenMpTeam.Find() ?? new WorkerTeam();

    /// <summary>In a few words, for reports.</summary>
    internal abstract string Description { get; }

    /// <summary>Runs all items, on as many threads as libtorch uses, and returns when all are done. Within an item, on its thread alone.</summary>
    /// <param name="bytes">That all items read or write: what takes no time is not worth waking threads.</param>
    internal void Run(int items, long bytes, Action<int> body)
    {
        var threads = TeamJob.IsInside || bytes < WorthThreads ? 1 : Math.Min(items, TorchSharp.torch.get_num_threads());
        if (threads <= 1)
        {
            for (var item = 0; item < items; item++)
            {
                body(item);
            }

            return;
        }

        var job = new TeamJob(items, body);
        Run(threads, job);
        job.ThrowIfFailed();
    }

    /// <summary>Has that many threads, the caller's among them, <see cref="TeamJob.Take"/> items until there are none.</summary>
    private protected abstract void Run(int threads, TeamJob job);
}
