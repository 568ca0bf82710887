using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace Moesaic.Communication;

/// <summary>Runs ranks as threads of this process: what many processes do, in one test.</summary>
public static class ThreadWorld
{
    /// <summary>Runs <paramref name="work"/> once for each rank and returns what each gave, in the order of the ranks.</summary>
    /// <remarks>A rank that fails ends the others' waits; its exception is thrown here, not theirs.</remarks>
    /// <param name="size">How many ranks.</param>
    /// <param name="work">What a rank does.</param>
    /// <param name="options">Null for a wait of at most 30 seconds.</param>
    /// <param name="device">Where tensors are; null for the CPU. A GPU is shared by all ranks.</param>
    public static IReadOnlyList<T> Run<T>(int size, Func<ICommunicator, T> work, CommunicationOptions? options = null, Device? device = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        options ??= new() { Timeout = TimeSpan.FromSeconds(30) };
        var group = new ThreadGroup(size, options.Timeout);
        var results = new T[size];
        Exception? first = null;
        var threads = Enumerable.Range(0, size).Select(rank => new Thread(() =>
        {
            try
            {
                using var communicator = new ThreadCommunicator(group, rank, "world", options, device ?? CPU);
                results[rank] = work(communicator);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref first, e, null);
                group.Fail($"rank {rank} of {size} (world) failed: {e.Message}");
            }
        })
        { IsBackground = true, Name = $"rank {rank}" }).ToArray();
        foreach (var thread in threads)
        {
            thread.Start();
        }

        foreach (var thread in threads)
        {
            thread.Join();
        }

        if (first is not null)
        {
            ExceptionDispatchInfo.Throw(first);
        }

        return results;
    }

    /// <summary>The same for work that gives nothing.</summary>
    public static void Run(int size, Action<ICommunicator> work, CommunicationOptions? options = null, Device? device = null) => Run(size, communicator =>
    {
        work(communicator);
        return true;
    }, options, device);
}
