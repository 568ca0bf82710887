namespace Moesaic.Tokenizers.PreTokenizers;

/// <summary>Which pieces Metaspace puts its character before.</summary>
internal enum PrependScheme
{
    /// <summary>Every piece.</summary>
    Always,

    /// <summary>The piece at the start of what is encoded.</summary>
    First,

    /// <summary>None.</summary>
    Never,
}
