using Microsoft.CodeAnalysis;

namespace Moesaic.Generators.Helpers;

internal static class AttributeDataExtensions
{
    /// <summary>The named argument, or the attribute's default.</summary>
    public static T Named<T>(this AttributeData attribute, string name, T otherwise)
    {
        var value = attribute.NamedArguments.FirstOrDefault(argument => argument.Key == name).Value;
        return value.Kind is TypedConstantKind.Primitive or TypedConstantKind.Enum && value.Value is T typed ? typed : otherwise;
    }

    public static EquatableArray<string> NamedTexts(this AttributeData attribute, string name) =>
        Texts(attribute.NamedArguments.FirstOrDefault(argument => argument.Key == name).Value);

    /// <summary>The items of an array argument; empty for a null.</summary>
    public static EquatableArray<string> Texts(this TypedConstant value) => value.Kind == TypedConstantKind.Array && !value.IsNull
        ? value.Values.Select(static item => item.Value as string).OfType<string>().ToEquatableArray()
        : default;

    public static string? Text(this AttributeData attribute) =>
        attribute.ConstructorArguments is [{ Kind: TypedConstantKind.Primitive, Value: string text }] ? text : null;

    public static Location? Location(this AttributeData attribute, CancellationToken cancellation) =>
        attribute.ApplicationSyntaxReference?.GetSyntax(cancellation).GetLocation();
}
