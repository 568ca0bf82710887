namespace Moesaic.Eplb;

/// <summary>One expert's weights on their way from one rank to another.</summary>
/// <param name="Expert">The logical expert.</param>
/// <param name="Sender">The rank that has it.</param>
/// <param name="SenderSlot">The slot there, counted on that rank.</param>
/// <param name="Receiver">The rank that gets it.</param>
public readonly record struct ExpertTransfer(int Expert, int Sender, int SenderSlot, int Receiver);
