using System.Runtime.CompilerServices;

namespace Moesaic;

/// <summary>Base of every Mixture-of-Experts block; the generator adds router, experts, weight rules and forward.</summary>
/// <param name="config">The sizes of the block.</param>
/// <param name="file">Where the block is declared: the compiler fills it in.</param>
/// <param name="line">The line there: the compiler fills it in.</param>
public abstract class MoeBlock(IMoeConfig config, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) : ExplicitModule
{
    /// <summary>The sizes of the block.</summary>
    public IMoeConfig Config { get; } = config;

    /// <summary>The routed experts.</summary>
    public abstract FusedExperts RoutedExperts { get; }

    /// <summary>What the declaration says, with the numbers of this block's config; null for a block written by hand.</summary>
    public virtual BlockDeclaration? Declaration => null;

    /// <summary>The file, without folders, and the line of the declaration: <c>Mixtral.cs:37</c>.</summary>
    public string Source { get; } = $"{file[(file.LastIndexOfAny(['/', '\\']) + 1)..]}:{line}";
}
