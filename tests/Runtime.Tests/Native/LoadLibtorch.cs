using System.Runtime.CompilerServices;

namespace Moesaic.Tests.Native;

/// <summary>Loads libtorch before a test that begins with TorchSharp would have TorchSharp look for it.</summary>
internal static class LoadLibtorch
{
    // CA2255: a test assembly has no entry point of its own.
#pragma warning disable CA2255
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void BeforeAnyTest() => Libtorch.Load();
}
