using System.Runtime.InteropServices;

namespace Moesaic.Cli.Tests;

/// <summary>A test of the mended copy: skipped, and counted, where the machine's libstdc++ loads TorchSharp's library as it is.</summary>
public sealed class NeedsMendFactAttribute : FactAttribute
{
    private static readonly bool Needed = OperatingSystem.IsLinux() && !HasNewLibstdcxx();

    public NeedsMendFactAttribute() => Skip = Needed ? null : "this machine's libstdc++ needs no mend";

    /// <summary>The one symbol of GLIBCXX_3.4.32 that TorchSharp's library names.</summary>
    private static bool HasNewLibstdcxx() =>
        NativeLibrary.TryLoad("libstdc++.so.6", out var library) && NativeLibrary.TryGetExport(library, "_ZSt21ios_base_library_initv", out _);
}
