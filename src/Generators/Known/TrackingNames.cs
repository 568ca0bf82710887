namespace Moesaic.Generators.Known;

/// <summary>Names of the pipeline's steps; the tests ask by them which step ran again.</summary>
internal static class TrackingNames
{
    public const string Parse = nameof(Parse);

    public const string Plan = nameof(Plan);

    /// <summary>The steps of the registry, which takes all models of an assembly together.</summary>
    public const string Registry = nameof(Registry);
}
