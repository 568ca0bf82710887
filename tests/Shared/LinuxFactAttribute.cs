namespace Moesaic.Tests;

/// <summary>A test of what only Linux has; elsewhere it is skipped and counted.</summary>
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "only on Linux";
}
