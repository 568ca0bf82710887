namespace Moesaic.Package.Tests;

/// <summary>A test that links a native program; where there is no linker or no zlib to link, it is skipped and counted.</summary>
public sealed class NativeAotFactAttribute : FactAttribute
{
    public NativeAotFactAttribute() => Skip = Missing();

    private static string? Missing() => !OperatingSystem.IsLinux() ? "native programs are linked here on Linux only"
        : !OnPath("clang") && !OnPath("gcc") ? "no linker: install clang"
        : !File.Exists("/usr/include/zlib.h") ? "no zlib to link: install zlib1g-dev"
        : null;

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
