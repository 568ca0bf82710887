using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Moesaic.Generators.Diagnostics;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;
using Moesaic.Generators.Planning;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Parsing;

/// <summary>Reads a class annotated with <c>[MoeBlock]</c>.</summary>
internal static class MoeBlockParser
{
    private const string Attribute = "MoeBlock";
    private const string RoutedScalingFactor = nameof(RoutedScalingFactor);

    /// <summary>Null where the declaration is wrong.</summary>
    public static MoeBlockSpec? Parse(INamedTypeSymbol type, ParseContext context)
    {
        var attribute = type.Attribute(KnownTypes.MoeBlockAttribute);
        if (attribute?.AttributeClass?.TypeArguments is not [INamedTypeSymbol routerType, INamedTypeSymbol activation]
            || !IsMechanism(routerType, KnownTypes.Router) || !IsMechanism(activation, KnownTypes.ExpertActivation))
        {
            return null; // The compiler has said so.
        }

        if (!type.DerivesFrom(KnownTypes.MoeBlock) || type.BaseType?.SelfAndBases().Any(IsAnnotated) == true)
        {
            context.Report(DiagnosticDescriptors.WrongBase, type, type.Name, Attribute, "derive from `MoeBlock`, not from another annotated block");
        }

        ModuleRules.CheckOwner(type, Attribute, context);
        var declared = DeclaredTypeParser.Parse(type, Attribute, context);
        if (ConfigParameter(type, context.Cancellation) is not { } config)
        {
            context.Report(DiagnosticDescriptors.NoConfigParameter, type, type.Name);
            return null;
        }

        var location = attribute.Location(context.Cancellation);
        var shared = SharedExperts(type);
        var router = RouterWeights(type);
        GeneratedNames.CheckBlock(type, config, router, shared, context);
        if (context.Failed)
        {
            return null;
        }

        var spec = new MoeBlockSpec(
            declared,
            MechanismParser.Parse(routerType, type, config, location, context),
            MechanismParser.Parse(activation, type, config, location, context),
            Sizes(type, config, shared is not null, location, context),
            router,
            ExpertWeightsParser.Parse(type, activation, context),
            shared,
            ChildrenParser.Parse(type, context),
            ModuleRules.CallsBase(type),
            WritesForward(type))
        {
            SelectionBiasCondition = Bind(router.SelectionBiasIf, SpecialType.System_Boolean),
            OutputScale = Bind(router.ScaleOutput ? RoutedScalingFactor : null, SpecialType.System_Double),
        };
        BlockRouter.Check(type, routerType, spec, context);
        BlockRoles.Check(type, spec, context);
        BlockGate.Check(type, activation, spec, location, context);
        ModuleRules.CheckNames(type, MoeBlockPlan.From(spec).Registrations, context);
        return context.Failed ? null : spec;

        string Bind(string? name, SpecialType of) => string.IsNullOrEmpty(name) ? ""
            : new ConfigBinding(config, type.Name, type.Attribute(KnownTypes.RouterWeightsAttribute)?.Location(context.Cancellation), context).Bind(name!, context.Compilation.GetSpecialType(of));
    }

    private static bool IsMechanism(INamedTypeSymbol type, string interfaceName) => type is { IsValueType: true, IsRefLikeType: false } && type.Implements(interfaceName);

    private static bool IsAnnotated(ITypeSymbol type) => type.Attribute(KnownTypes.MoeBlockAttribute) is not null;

    // The initializers of the generated part can only see a primary constructor's parameters.
    public static IParameterSymbol? ConfigParameter(INamedTypeSymbol type, CancellationToken cancellation) =>
        type.InstanceConstructors
            .Where(c => c.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax(cancellation) is TypeDeclarationSyntax))
            .SelectMany(static c => c.Parameters)
            .FirstOrDefault(static parameter => parameter.Type.Implements(KnownTypes.MoeConfig));

    private static BlockSizesSpec Sizes(
        INamedTypeSymbol type, IParameterSymbol config, bool hasSharedExperts, Location? location, ParseContext context)
    {
        var binding = new ConfigBinding(config, type.Name, location, context);
        var int32 = context.Compilation.GetSpecialType(SpecialType.System_Int32);
        return new(
            binding.Bind(nameof(BlockSizesSpec.HiddenSize), int32),
            binding.Bind(nameof(BlockSizesSpec.NumExperts), int32),
            binding.Bind(nameof(BlockSizesSpec.MoeIntermediateSize), int32),
            hasSharedExperts ? binding.Bind(nameof(BlockSizesSpec.SharedExpertsIntermediateSize), int32) : "");
    }

    private static RouterWeightsSpec RouterWeights(INamedTypeSymbol type)
    {
        var otherwise = new RouterWeightsSpec();
        return type.Attribute(KnownTypes.RouterWeightsAttribute) is not { } attribute ? otherwise : new()
        {
            Name = attribute.Named(nameof(otherwise.Name), otherwise.Name),
            Bias = attribute.Named(nameof(otherwise.Bias), otherwise.Bias),
            SelectionBias = attribute.Named(nameof(otherwise.SelectionBias), otherwise.SelectionBias),
            SelectionBiasIf = attribute.Named(nameof(otherwise.SelectionBiasIf), otherwise.SelectionBiasIf),
            SelectionBiasIsRow = attribute.Named(nameof(otherwise.SelectionBiasIsRow), otherwise.SelectionBiasIsRow),
            OnInput = attribute.Named(nameof(otherwise.OnInput), otherwise.OnInput),
            ScaleOutput = attribute.Named(nameof(otherwise.ScaleOutput), otherwise.ScaleOutput),
            Float32 = attribute.Named(nameof(otherwise.Float32), otherwise.Float32),
        };
    }

    public static SharedExpertsSpec? SharedExperts(INamedTypeSymbol type)
    {
        var otherwise = new SharedExpertsSpec();
        return type.Attribute(KnownTypes.SharedExpertsAttribute) is not { } attribute ? null : new()
        {
            Name = attribute.Named(nameof(otherwise.Name), otherwise.Name),
            Optional = attribute.Named(nameof(otherwise.Optional), otherwise.Optional),
            Gated = attribute.Named(nameof(otherwise.Gated), otherwise.Gated),
            GateName = attribute.Named(nameof(otherwise.GateName), otherwise.GateName),
        };
    }

    private static bool WritesForward(INamedTypeSymbol type) => type.SelfAndBases()
        .OfType<INamedTypeSymbol>()
        .TakeWhile(static t => !t.Is(KnownTypes.MoeBlock))
        .SelectMany(static t => t.AuthorMembers())
        .Any(static member => member is IMethodSymbol { Name: "forward", IsOverride: true, Parameters.Length: 1 });
}
