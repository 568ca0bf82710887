using System.Runtime.CompilerServices;

namespace Moesaic.Tests.Checkpoints;

/// <summary>Tests make tensors before they call Moesaic: without this, TorchSharp would look for libtorch itself.</summary>
internal static class LoadsLibtorch
{
    // CA2255: nothing but this assembly's tests can run before them.
#pragma warning disable CA2255
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Load() => Libtorch.Load();
}
