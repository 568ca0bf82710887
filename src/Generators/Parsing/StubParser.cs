using Microsoft.CodeAnalysis;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Parsing;

/// <summary>What a wrong declaration lacks besides: without, C# would say of each abstract member that nobody wrote it, and of each use that it is not there.</summary>
internal static class StubParser
{
    public static StubSpec? Block(INamedTypeSymbol type, ParseContext context)
    {
        string[] members =
        [
            .. Writes(type, "RoutedExperts") ? Array.Empty<string>() : ["public override global::Moesaic.FusedExperts RoutedExperts"],
            .. Writes(type, "forward") ? Array.Empty<string>() : ["public override global::TorchSharp.torch.Tensor forward(global::TorchSharp.torch.Tensor hiddenStates)"],
        ];
        return type.IsAbstract || !type.DerivesFrom(KnownTypes.MoeBlock) ? null : Of(type, "MoeBlock", "", members, context);
    }

    public static StubSpec? Layer(INamedTypeSymbol type, ParseContext context)
    {
        // Whichever way round they are, or whether the index is there: errors of their own.
        var config = type.InstanceConstructors.SelectMany(static c => c.Parameters).FirstOrDefault(static p => p.Type.SpecialType == SpecialType.None);
        return type.IsAbstract || type.IsGenericType || config is null || !type.DerivesFrom(KnownTypes.DecoderLayer) || ModuleParser.WritesCreate(type)
            ? null
            : Of(
                type, "Module", $" : global::Moesaic.IDecoderLayer<{config.Type.QualifiedName()}, {type.Name}>",
                [$"public static {(ModuleParser.HidesBase(type) ? "new " : "")}{type.Name} Create({config.Type.QualifiedName()} config, int layerIndex)"], context);
    }

    public static StubSpec? Config(INamedTypeSymbol type, ParseContext context) => type.IsAbstract || type.IsGenericType || Writes(type, "Read")
        ? null
        : Of(
            type, "ModelConfig", $" : global::Moesaic.IConfigValue<{type.Name}>",
            [$"public static {(ModelConfigParser.HidesBase(type) ? "new " : "")}{type.Name} Read(global::Moesaic.Configs.ConfigReader reader)"], context);

    private static StubSpec? Of(INamedTypeSymbol type, string attribute, string bases, string[] members, ParseContext context)
    {
        var declared = DeclaredTypeParser.Parse(type, attribute, context);
        return context.Failed || members.Length == 0 ? null : new(declared, bases, members.ToEquatableArray());
    }

    private static bool Writes(INamedTypeSymbol type, string member) => type.SelfAndBases().OfType<INamedTypeSymbol>()
        .TakeWhile(static t => !t.Is(KnownTypes.MoeBlock) && !t.Is(KnownTypes.DecoderLayer))
        .Any(t => t.AuthorMembers().Any(written => written.Name == member));
}
