namespace Moesaic.Tests;

/// <summary>A test of several processes; without mpirun it is skipped and counted.</summary>
public sealed class MpiFactAttribute : FactAttribute
{
    internal const string Reason = "needs mpirun: install openmpi-bin";

    public MpiFactAttribute() => Skip = Mpi.Launcher is null ? Reason : null;
}
