namespace Moesaic;

/// <summary>The backend that runs, and why, in one sentence.</summary>
/// <param name="Backend">Never <see cref="ExpertsBackend.Auto"/>.</param>
public sealed record BackendChoice(ExpertsBackend Backend, string Reason);
