namespace Moesaic.Tests;

/// <summary>A test of what only Linux has; elsewhere it is skipped and counted.</summary>
public sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute() => Skip = OperatingSystem.IsLinux() ? null : "only on Linux";
}
