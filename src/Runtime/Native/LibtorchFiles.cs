using System.Runtime.InteropServices;

namespace Moesaic.Native;

/// <summary>Where libtorch and TorchSharp's native library lie.</summary>
/// <param name="Libtorch">The folder of libc10 and libtorch_cpu.</param>
/// <param name="TorchSharp">The file of TorchSharp's own library.</param>
internal sealed record LibtorchFiles(string Libtorch, string TorchSharp)
{
    internal const string DirectoryVariable = "MOESAIC_LIBTORCH";

    internal static string TorchSharpName { get; } = FileName("LibTorchSharp");

    internal static string TorchCpuName { get; } = FileName("torch_cpu");

    /// <summary>The platform's file name of a library: libc10.so, c10.dll, libc10.dylib.</summary>
    internal static string FileName(string library) =>
        OperatingSystem.IsWindows() ? library + ".dll" : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";

    /// <summary>Finds both, or says in one line where it looked.</summary>
    /// <exception cref="LibtorchException">One of them is nowhere.</exception>
    internal static LibtorchFiles Find()
    {
        var application = ApplicationDirectories().ToArray();
        var torchSharp = Find(TorchSharpName, application, "build the project again, or publish it with its native files");
        var chosen = Environment.GetEnvironmentVariable(DirectoryVariable);
        if (string.IsNullOrEmpty(chosen))
        {
            var torch = Find(
                TorchCpuName, application, $"reference the package libtorch-cpu-{RuntimeInformation.RuntimeIdentifier}, or set {DirectoryVariable} to the folder 'lib' of an installed torch");
            return new(Path.GetDirectoryName(torch)!, torchSharp);
        }

        if (!File.Exists(Path.Combine(chosen, TorchCpuName)))
        {
            throw new LibtorchException(
                $"{DirectoryVariable}={chosen}: expected a folder with {TorchCpuName}, found none; name the folder 'lib' of an installed torch");
        }

        return new(Path.GetFullPath(chosen), torchSharp);
    }

    private static string Find(string name, string[] directories, string advice) =>
        directories.Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists)
        ?? throw new LibtorchException($"{name} not found in {string.Join(", ", directories)}: {advice}");

    private static IEnumerable<string> ApplicationDirectories()
    {
        yield return Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        yield return AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);

        // A build in this repository keeps libtorch once, and says where in runtimeconfig.json.
        if (AppContext.GetData("Moesaic.Libtorch") is string shared)
        {
            yield return shared.TrimEnd(Path.DirectorySeparatorChar);
        }

        // Where the host found native assets of packages.
        if (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") is string native)
        {
            foreach (var directory in native.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            {
                yield return directory.TrimEnd(Path.DirectorySeparatorChar);
            }
        }
    }
}
