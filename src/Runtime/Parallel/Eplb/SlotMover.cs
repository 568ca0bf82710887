using Moesaic.Communication;
using static TorchSharp.torch;

namespace Moesaic.Eplb;

/// <summary>Moves the weights of one layer from one map to another.</summary>
internal static class SlotMover
{
    /// <summary>Sends, receives and copies what this rank has to. Every rank calls it with the same plan.</summary>
    /// <remarks>All messages are in flight together, so nothing can block; what arrives is kept beside the slots until everything has been sent.</remarks>
    /// <param name="weights">[slots of a rank, …] each, dense; the same number on every rank.</param>
    internal static void Move(TransferPlan plan, IReadOnlyList<Tensor> weights, ICommunicator ranks)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var arrived = plan.Receives(ranks.Rank)
            .ToDictionary(transfer => transfer.Expert, _ => weights.Select(static tensor => empty(tensor.shape[1..], tensor.dtype, tensor.device)).ToArray());
        PeerMessage[] sends = [.. plan.Sends(ranks.Rank)
            .SelectMany(transfer => weights.Select(tensor => new PeerMessage(tensor[transfer.SenderSlot], transfer.Receiver)))];
        PeerMessage[] receives = [.. plan.Receives(ranks.Rank)
            .SelectMany(transfer => arrived[transfer.Expert].Select(buffer => new PeerMessage(buffer, transfer.Sender)))];
        if (sends.Length + receives.Length > 0)
        {
            ranks.Exchange(sends, receives);
        }

        // A slot that is copied within the rank may change itself.
        var changes = plan.Changes(ranks.Rank)
            .Select(change => (change.Slot, Values: change.Source is { } source ? [.. weights.Select(tensor => tensor[source].clone())] : arrived[change.Expert]))
            .ToList();
        foreach (var (slot, values) in changes)
        {
            for (var i = 0; i < values.Length; i++)
            {
                weights[i][slot].copy_(values[i]);
            }
        }
    }
}
