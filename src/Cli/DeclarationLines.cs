using System.Globalization;

namespace Moesaic.Cli;

/// <summary>Where each decision of a block stands in its author's file.</summary>
/// <remarks>The compiler wrote the lines into the annotations. Generated code has none of them, or it would change whenever a line moves.</remarks>
internal static class DeclarationLines
{
    /// <summary><c>Mixtral.cs:36, 37</c>: the lines of those annotations that the block has; else that it takes what is the default.</summary>
    internal static string Of(MoeBlock block, params IReadOnlyList<string> annotations)
    {
        var lines = block.GetType().GetCustomAttributesData()
            .Where(attribute => annotations.Contains(attribute.AttributeType.Name.Split('`')[0]))
            .Select(static attribute => attribute.ConstructorArguments is [{ Value: int line }] ? line : 0)
            .Where(static line => line > 0)
            .Order()
            .Select(static line => line.ToString(CultureInfo.InvariantCulture))
            .ToArray();
        return lines.Length == 0 ? "default" : $"{block.Source.Split(':')[0]}:{string.Join(", ", lines)}";
    }
}
