using Microsoft.CodeAnalysis;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Parsing;

/// <summary>Where a block's decisions stand in its author's file.</summary>
internal static class BlockLinesParser
{
    public static BlockLinesSpec Parse(INamedTypeSymbol type, CancellationToken cancellation)
    {
        var location = type.Attribute(KnownTypes.MoeBlockAttribute)?.Location(cancellation);
        var path = location?.SourceTree?.FilePath ?? "";
        return new(
            DeclaredTypeParser.FullName(type),
            path.Substring(path.LastIndexOfAny(['/', '\\']) + 1),
            Line(location),
            Of(KnownTypes.RouterWeightsAttribute),
            Of(KnownTypes.ExpertWeightsAttribute),
            Of(KnownTypes.SharedExpertsAttribute),
            Line(type.AuthorMembers().FirstOrDefault(static member => member is IMethodSymbol { Name: "forward", IsOverride: true })?.Locations[0]));

        int Of(string attribute) => Line(type.Attribute(attribute)?.Location(cancellation));
    }

    private static int Line(Location? location) => location is null ? 0 : location.GetLineSpan().StartLinePosition.Line + 1;
}
