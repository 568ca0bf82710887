using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Moesaic.Communication;
using Moesaic.Native;
using TorchSharp;

namespace Moesaic;

/// <summary>Loads libtorch, once, from one place, before TorchSharp would look for it.</summary>
/// <remarks>
/// TorchSharp's own search ends, where its library does not load, in a 490 MB copy beside the application. Here its
/// imports are answered by us: the files are found, mended if the machine's libstdc++ is older than the library, and loaded
/// in the order in which they need each other. Nothing happens before the first call that needs libtorch.
/// </remarks>
public static class Libtorch
{
    // In the order in which they need each other. The CUDA ones exist only in a CUDA libtorch.
    private static readonly string[] Libraries = ["c10", "torch_cpu", "c10_cuda", "torch_cuda", "torch"];

    private static readonly Lazy<bool> Answered = new(Answer);
    private static readonly Lazy<nint> TorchSharpLibrary = new(LoadAll);
    private static readonly Lazy<nint> TorchCpuLibrary = new(() =>
    {
        Load();
        return NativeLibrary.Load(Path.Combine(LibtorchFiles.Find().Libtorch, LibtorchFiles.TorchCpuName));
    });

    /// <summary>Loads libtorch now. Called by every entry point of Moesaic; call it yourself to see the error early.</summary>
    /// <exception cref="LibtorchException">It is missing or cannot load; the message says which file and why.</exception>
    public static void Load() => _ = TorchSharpLibrary.Value;

    /// <summary>The first NVIDIA GPU.</summary>
    /// <exception cref="LibtorchException">There is none, or this libtorch has no CUDA.</exception>
    public static torch.Device Cuda()
    {
        Load();
        try
        {
            if (torch.cuda.is_available())
            {
                return torch.CUDA;
            }
        }
        catch (InvalidOperationException)
        {
            // TorchSharp's long story of where it looked; ours is shorter.
        }

        throw new LibtorchException(
            $"device cuda: expected an NVIDIA GPU and a libtorch with CUDA, found none; use cpu, or set {LibtorchFiles.DirectoryVariable} to the folder 'lib' of a torch with CUDA");
    }

    /// <summary>Answers TorchSharp's imports from now on; loads nothing yet. The package calls it at the start of every program that uses it.</summary>
    public static void AnswerImports() => _ = Answered.Value;

    // CA2255: an application cannot do this for us, since TorchSharp's first call may come from anywhere.
#pragma warning disable CA2255
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void OnLoad() => AnswerImports();

    private static bool Answer()
    {
        NativeLibrary.SetDllImportResolver(typeof(Libtorch).Assembly, ResolveOurs);
        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            // NativeAOT has no event to wait for.
            LoadQuietly();
            return true;
        }

        // TorchSharp first asks for its libraries by name; this event is raised where the usual search has not found them,
        // or has found one that does not load.
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += static (assembly, name) => assembly == typeof(torch).Assembly ? Resolve(name) : 0;
        return true;
    }

    private static nint Resolve(string name) => name switch
    {
        "LibTorchSharp" => TorchSharpLibrary.Value,
        "torch_cpu" or "c10" or "torch" or "torch_cuda" or "c10_cuda" => TorchCpuLibrary.Value,
        _ => 0,
    };

    private static void LoadQuietly()
    {
        try
        {
            Load();
        }
        catch (LibtorchException)
        {
            // Said by the first entry point that needs it.
        }
    }

    private static nint ResolveOurs(string name, Assembly assembly, DllImportSearchPath? searchPath) => name switch
    {
        "torch_cpu" => TorchCpuLibrary.Value,
        "torch_cuda" => LoadBeside("torch_cuda"),
        NcclNative.Library => LoadNccl(),
        CudaDriver.Library when OperatingSystem.IsLinux() => NativeLibrary.TryLoad("libcuda.so.1", out var handle) ? handle : 0,
        _ => 0,
    };

    /// <summary>One of libtorch's other libraries; 0 where this libtorch has none.</summary>
    private static nint LoadBeside(string name)
    {
        Load();
        return NativeLibrary.TryLoad(Path.Combine(LibtorchFiles.Find().Libtorch, LibtorchFiles.FileName(name)), out var handle) ? handle : 0;
    }

    /// <summary>The NCCL that libtorch has loaded, else the machine's, else that of the Python packages among which libtorch lies; 0 where there is none.</summary>
    private static nint LoadNccl()
    {
        Load();
        var packaged = Path.Combine(LibtorchFiles.Find().Libtorch, "..", "..", "nvidia", "nccl", "lib", NcclNative.Library);
        return NativeLibrary.TryLoad(NcclNative.Library, out var loaded) || NativeLibrary.TryLoad(packaged, out loaded) ? loaded : 0;
    }

    private static nint LoadAll()
    {
        var files = LibtorchFiles.Find();
        LoadedLibtorch.RefuseAnother(files.Libtorch);
        foreach (var library in Libraries)
        {
            var path = Path.Combine(files.Libtorch, LibtorchFiles.FileName(library));
            if (File.Exists(path))
            {
                LoadOrExplain(path);
            }
        }

        if (NativeLibrary.TryLoad(files.TorchSharp, out var handle) || !OperatingSystem.IsLinux())
        {
            return handle != 0 ? handle : LoadOrExplain(files.TorchSharp);
        }

        try
        {
            return MendedLibrary.Load(files.TorchSharp);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or DllNotFoundException)
        {
            throw new LibtorchException($"{Reason(files.TorchSharp)}; a copy mended for an older libstdc++ failed too: {e.Message}", e);
        }
    }

    private static nint LoadOrExplain(string path)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw new LibtorchException(Explain(path, e), e);
        }
    }

    private static string Reason(string path)
    {
        try
        {
            NativeLibrary.Load(path);
            return path;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return Explain(path, e);
        }
    }

    /// <summary>The loader's own words, without .NET's advice on how to debug it.</summary>
    private static string Explain(string path, Exception e)
    {
        var line = e.Message.Split('\n').FirstOrDefault(line => line.Contains(path, StringComparison.Ordinal) && line.Contains(": ", StringComparison.Ordinal)) ?? e.Message;
        return $"{path} does not load: {line.Replace(path + ": ", "", StringComparison.Ordinal).Trim()}";
    }
}
