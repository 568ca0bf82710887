namespace Moesaic.Models.Tests;

/// <summary>The tiny checkpoints of public architectures in the repository.</summary>
internal static class GoldenCases
{
    /// <summary>Cases whose architecture has no declaration yet. The list may only shrink; a test holds that it is true.</summary>
    internal static readonly string[] Pending = [];

    /// <summary>Cases whose tokens need not be the same one by one and all at once: the checkpoint rounds what the two ways compute with.</summary>
    internal static readonly string[] RoundedDecays = ["minimax"];

    static GoldenCases() => ModelRegistry.AddFrom(typeof(ModelsAssembly).Assembly);

    /// <summary>All of them, by name.</summary>
    internal static IEnumerable<string> All { get; } =
        [.. Directory.GetDirectories(TestData.Golden("")).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    /// <summary>Those that must agree with their reference.</summary>
    internal static IEnumerable<string> Declared => All.Except(Pending);
}
