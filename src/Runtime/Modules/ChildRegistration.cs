namespace Moesaic;

/// <summary>A registered child: its name among its siblings and in checkpoints.</summary>
internal sealed record ChildRegistration(string Name, string CheckpointName, ExplicitModule Module);
