using System.Runtime.CompilerServices;

namespace Moesaic.Tests;

/// <summary>Files that tests read: they lie in the repository and are not copied.</summary>
public static class TestData
{
    /// <summary>The repository.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));

    /// <summary>A tiny checkpoint of a public architecture, with what the reference computes on it.</summary>
    public static string Golden(string name) => Path.Combine(Root, "tests", "data", "golden", name);

    /// <summary>The sample model.</summary>
    public static string Sample { get; } = Path.Combine(Root, "samples", "models", "tiny-mixtral-kjv");

    private static string Here([CallerFilePath] string path = "") => path;
}
