namespace Moesaic.Tests;

/// <summary>A test of several processes; without mpirun it is skipped and counted.</summary>
public sealed class MpiTheoryAttribute : TheoryAttribute
{
    public MpiTheoryAttribute() => Skip = Mpi.Launcher is null ? MpiFactAttribute.Reason : null;
}
