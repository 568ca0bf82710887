namespace Moesaic.Cli;

/// <summary>A backend that was asked for by name cannot run the model.</summary>
internal sealed class BackendException(string message) : MoesaicException(message);
