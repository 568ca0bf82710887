namespace Moesaic.Generators.Specs;

/// <summary>How a config property is read. The names up to <see cref="Strings"/>, but for <see cref="Single"/>, are ConfigReader's.</summary>
internal enum ConfigValueKind
{
    Int32,
    Int64,
    Double,
    Boolean,
    String,
    Int32s,
    Doubles,
    Booleans,
    Strings,

    /// <summary>Read as a double, kept as a float.</summary>
    Single,

    /// <summary>It reads itself from the whole of config.json.</summary>
    Whole,

    /// <summary>It reads itself from the object under its key.</summary>
    Section,
}
