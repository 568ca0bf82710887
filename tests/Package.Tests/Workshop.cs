using System.IO.Compression;
using System.Xml.Linq;

namespace Moesaic.Package.Tests;

/// <summary>A folder with a feed of this repository's packages, where projects of somebody else's are built.</summary>
/// <remarks>
/// It lies under artifacts and keeps its packages to itself; what the machine has already, or an earlier run has fetched, is not fetched again.
/// </remarks>
public sealed class Workshop
{
    private readonly Dictionary<string, string> _environment;

    public Workshop()
    {
        Empty();
        Directory.CreateDirectory(Feed);
        _environment = new()
        {
            ["NUGET_PACKAGES"] = Packages,
            ["DOTNET_CLI_UI_LANGUAGE"] = "en",
            ["MSBUILDDISABLENODEREUSE"] = "1", // Nothing of ours stays behind.
        };
        WriteSettings();
        foreach (var project in new[] { "Runtime", "Models" })
        {
            Pack(project);
        }
    }

    /// <summary>The folder.</summary>
    internal static string Root { get; } = Path.Combine(TestData.Root, "artifacts", "package-tests");

    /// <summary>Where the packages are.</summary>
    internal static string Feed { get; } = Path.Combine(Root, "feed");

    /// <summary>The version of this build's packages.</summary>
    internal static string Version { get; } = Setting("Directory.Build.props", "Version");

    /// <summary>The system that runs the tests, as packages name it.</summary>
    internal static string Rid { get; } = OperatingSystem.IsWindows() ? "win-x64" : OperatingSystem.IsMacOS() ? "osx-arm64" : "linux-x64";

    private static string Packages { get; } = Path.Combine(Root, "packages");

    private static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>Packs a project of src as it is built.</summary>
    internal void Pack(string project, params string[] properties) => Command.Run(
        TestData.Root, new Dictionary<string, string>(), "dotnet",
        ["pack", Path.Combine("src", project), "--no-build", "-c", Configuration, "-o", Feed, "--nologo", "-v", "quiet", .. properties]).Succeeded();

    /// <summary>The text of a package's list of dependencies, and the names of its files.</summary>
    internal static (string Nuspec, IReadOnlyList<string> Files) Open(string package)
    {
        using var zip = ZipFile.OpenRead(Path.Combine(Feed, $"{package}.{Version}.nupkg"));
        using var nuspec = new StreamReader(zip.Entries.Single(entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open());
        return (nuspec.ReadToEnd(), [.. zip.Entries.Select(entry => entry.FullName)]);
    }

    /// <summary>Copies a folder of source to build it here.</summary>
    internal static string Copy(string folder, string name)
    {
        var target = Directory.CreateDirectory(Path.Combine(Root, name)).FullName;
        foreach (var file in Directory.GetFiles(folder))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }

        return target;
    }

    /// <summary>Runs <c>dotnet</c> in a folder.</summary>
    internal CommandResult Dotnet(string folder, params string[] arguments) => Command.Run(folder, _environment, "dotnet", arguments);

    /// <summary>Leaves other people's packages and nothing of ours.</summary>
    private static void Empty()
    {
        Directory.CreateDirectory(Packages);
        string[] ours = [.. Directory.GetDirectories(Root).Where(folder => folder != Packages), .. Directory.GetDirectories(Packages, "moesaic*")];
        foreach (var folder in ours)
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The machine's sources and this feed; this repository's own settings end here.</summary>
    private static void WriteSettings()
    {
        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        Directory.CreateDirectory(packages);
        File.WriteAllText(Path.Combine(Root, "nuget.config"), $"""
            <configuration>
              <fallbackPackageFolders><add key="machine" value="{packages}" /></fallbackPackageFolders>
              <packageSources><add key="this build" value="{Feed}" /></packageSources>
            </configuration>
            """);
        File.WriteAllText(Path.Combine(Root, "Directory.Build.props"), $"""
            <Project>
              <PropertyGroup>
                <MoesaicVersion>{Version}</MoesaicVersion>
                <LibtorchVersion>{Setting("Directory.Packages.props", "LibtorchVersion")}</LibtorchVersion>
                <ConsumerSystem>{Rid}</ConsumerSystem>
              </PropertyGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(Root, "Directory.Build.targets"), "<Project />");
        File.WriteAllText(Path.Combine(Root, "Directory.Packages.props"), "<Project />");
    }

    private static string Setting(string file, string name) =>
        XDocument.Load(Path.Combine(TestData.Root, file)).Descendants(name).First().Value;
}
