using System.Text;
using Moesaic.Communication;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>What ranks find out together, so that all of them go on or none does.</summary>
internal static class RankAgreement
{
    /// <summary>Does the same on every rank; where one fails, all do, with the message of the first that failed.</summary>
    /// <exception cref="MoesaicException">This rank's own where all failed alike, else a <see cref="ParallelException"/> that names the rank.</exception>
    internal static T Together<T>(ICommunicator world, Func<T> work)
    {
        MoesaicException? failure = null;
        var result = default(T);
        try
        {
            result = work();
        }
        catch (MoesaicException e)
        {
            failure = e;
        }

        var messages = Gather(world, failure?.Message ?? "");
        var first = Array.FindIndex(messages, message => message.Length > 0);
        if (first < 0)
        {
            return result!;
        }

        (result as IDisposable)?.Dispose();
        throw failure is not null && messages.All(message => message == failure.Message)
            ? failure
            : new ParallelException($"rank {first} of {world.Size}: {messages[first]}", failure);
    }

    /// <summary>Compares facts of all ranks with those of the first.</summary>
    /// <param name="facts">What a fact is called, and what it is here.</param>
    /// <exception cref="ParallelException">A rank has another: each rank throws the same.</exception>
    internal static void Compare(ICommunicator world, params ReadOnlySpan<(string What, string Value)> facts)
    {
        foreach (var (what, value) in facts)
        {
            var all = Gather(world, value);
            var other = Array.FindIndex(all, found => found != all[0]);
            if (other >= 0)
            {
                throw new ParallelException($"rank {other} of {world.Size} has another {what} than rank 0: expected {all[0]}, found {all[other]}; start all ranks alike");
            }
        }
    }

    private static string[] Gather(ICommunicator world, string text)
    {
        using var scope = NewDisposeScope();
        var bytes = Encoding.UTF8.GetBytes(text);
        var lengths = world.GatherCounts(bytes.Length, world.Device);
        var all = lengths.Sum() == 0 ? [] : world.GatherRows(tensor(bytes, device: world.Device), lengths).cpu().data<byte>().ToArray();
        var texts = new string[world.Size];
        var start = 0;
        for (var rank = 0; rank < world.Size; rank++)
        {
            texts[rank] = Encoding.UTF8.GetString(all, start, (int)lengths[rank]);
            start += (int)lengths[rank];
        }

        return texts;
    }
}
