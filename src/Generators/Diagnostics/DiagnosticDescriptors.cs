using Microsoft.CodeAnalysis;

namespace Moesaic.Generators.Diagnostics;

/// <summary>What can be wrong with a declaration. Each has a page in docs/diagnostics.</summary>
internal static class DiagnosticDescriptors
{
    public static readonly DiagnosticDescriptor NotPartial = Create(
        "MOE0001",
        DiagnosticSeverity.Error,
        "Annotated type is not partial",
        "`{0}` is annotated with `[{1}]` and must be declared `partial`, as must every type around it");

    public static readonly DiagnosticDescriptor WrongBase = Create(
        "MOE0002",
        DiagnosticSeverity.Error,
        "Annotated type has the wrong base",
        "`{0}` is annotated with `[{1}]` and must {2}");

    public static readonly DiagnosticDescriptor MissingConfigProperty = Create(
        "MOE0003",
        DiagnosticSeverity.Error,
        "A number has no config property",
        "`{0}` needs a config property `{1}` of type `{2}`, and {3}");

    public static readonly DiagnosticDescriptor SameCheckpointName = Create(
        "MOE0004",
        DiagnosticSeverity.Error,
        "Two children have one name",
        "Children `{0}` and `{1}` of `{2}` have the same name `{3}`; rename one or use `[CheckpointName]`");

    public static readonly DiagnosticDescriptor NotGetOnly = Create(
        "MOE0005",
        DiagnosticSeverity.Error,
        "Child is not a property with an initializer",
        "{0} `{1}` must be a `{2}` property with an initializer, or it is registered before it exists");

    public static readonly DiagnosticDescriptor ListOfModules = Create(
        "MOE0006",
        DiagnosticSeverity.Error,
        "Child is a list of modules",
        "`{0}` is a list of modules or parameters, which nobody registers; use `ModuleList`");

    public static readonly DiagnosticDescriptor SameConfigKey = Create(
        "MOE0007",
        DiagnosticSeverity.Error,
        "Two properties read one key",
        "Config properties `{0}` and `{1}` both read the key `{2}`; give one of them another with `[ConfigKey]`");

    public static readonly DiagnosticDescriptor SameProjectionName = Create(
        "MOE0008",
        DiagnosticSeverity.Error,
        "Two projections have one name",
        "The projections in `[ExpertWeights]` on `{0}` must have different names");

    public static readonly DiagnosticDescriptor SameModelType = Create(
        "MOE0009",
        DiagnosticSeverity.Error,
        "Two models answer to one name",
        "`{0}` and `{1}` both declare the {2} `{3}`; a checkpoint could not tell them apart", WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor MissingLayerConstructor = Create(
        "MOE0010",
        DiagnosticSeverity.Error,
        "Decoder layer cannot be made",
        "Decoder layer `{0}` must {1}, or no model can make it");

    public static readonly DiagnosticDescriptor LooseTensor = Create(
        "MOE0011",
        DiagnosticSeverity.Warning,
        "Tensor is not registered",
        "`{0}` is a tensor and no parameter, so that no checkpoint fills it and no move takes it along; make it a `Parameter`");

    public static readonly DiagnosticDescriptor HandWrittenForward = Create(
        "MOE0012",
        DiagnosticSeverity.Info,
        "Block routes by hand",
        "`{0}` writes its own `forward`, so that none is generated; its router and experts are there to be called");

    public static readonly DiagnosticDescriptor UnsupportedConfigType = Create(
        "MOE0013",
        DiagnosticSeverity.Error,
        "Config property has an unsupported type",
        "Config property `{0}` has the type `{1}`, which is not read from config.json; use int, long, float, double, bool, string, an IReadOnlyList of int, double, bool or string, or a type that implements `IConfigValue`");

    public static readonly DiagnosticDescriptor ForeignModule = Create(
        "MOE0014",
        DiagnosticSeverity.Error,
        "Child is no ExplicitModule",
        "Child `{0}` is a module of TorchSharp's own, which finds its children by reflection; use one that derives from `ExplicitModule`");

    public static readonly DiagnosticDescriptor ContradictoryExpertWeights = Create(
        "MOE0015",
        DiagnosticSeverity.Error,
        "Facts of [ExpertWeights] contradict each other",
        "`[ExpertWeights]` on `{0}` contradicts itself: {1}");

    public static readonly DiagnosticDescriptor UnregisteredChild = Create(
        "MOE0016",
        DiagnosticSeverity.Error,
        "Child is never registered",
        "`{0}` has the child `{1}`, which nobody registers; annotate `{0}` with `[Module]`");

    public static readonly DiagnosticDescriptor WritesRegisterChildren = Create(
        "MOE0017",
        DiagnosticSeverity.Error,
        "RegisterChildren is written twice",
        "`[{1}]` on `{0}` writes `RegisterChildren`; remove {2}");

    public static readonly DiagnosticDescriptor UnusableMechanism = Create(
        "MOE0018",
        DiagnosticSeverity.Error,
        "Router or activation cannot be used",
        "A block cannot use `{0}`: {1}");

    public static readonly DiagnosticDescriptor NotCreatable = Create(
        "MOE0019",
        DiagnosticSeverity.Error,
        "Model cannot be made",
        "Model `{0}` must be a class that the assembly can make: not generic, abstract or private, with a constructor `(TConfig config)` whose config is annotated with `[ModelConfig]`");

    public static readonly DiagnosticDescriptor UnusedBlockChild = Create(
        "MOE0020",
        DiagnosticSeverity.Error,
        "Child of a block has no role",
        "`{0}` of block `{1}` has no role: {2}");

    public static readonly DiagnosticDescriptor NoConfigParameter = Create(
        "MOE0021",
        DiagnosticSeverity.Error,
        "Block has no config",
        "Block `{0}` must have a primary constructor with a parameter that implements `IMoeConfig`");

    public static readonly DiagnosticDescriptor StrayAnnotation = Create(
        "MOE0022",
        DiagnosticSeverity.Warning,
        "Annotation has no effect",
        "`[{0}]` on `{1}` has no effect: {2}");

    public static readonly DiagnosticDescriptor UnclaimedTensor = Create(
        "MOE0023",
        DiagnosticSeverity.Error,
        "Checkpoint tensor is claimed by nobody",
        "{0} of `{1}` fills nothing that `{2}` declares: {3}", WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor UnfilledParameter = Create(
        "MOE0024",
        DiagnosticSeverity.Error,
        "Checkpoint lacks a declared tensor",
        "`{0}` needs {1}, which `{2}` does not have; correct its name, or do not declare it", WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor ConfigMismatch = Create(
        "MOE0025",
        DiagnosticSeverity.Error,
        "config.json is not as declared",
        "`{0}`: `{1}`: expected {2}, found {3}; correct the config record, or name another checkpoint", WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor ContradictoryConfig = Create(
        "MOE0026",
        DiagnosticSeverity.Error,
        "Two keys of config.json contradict each other",
        "`{0}`: `{1}` is {2} and `{3}` is {4}, and `{5}` reads both; leave one of them in `[ConfigKey]`", WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor MisshapenTensor = Create(
        "MOE0027",
        DiagnosticSeverity.Error,
        "Checkpoint tensor has another shape",
        "{0} of `{1}` is {2} and `{3}` declares {4}: {5}", WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor UncheckedCheckpoint = Create(
        "MOE0028",
        DiagnosticSeverity.Error,
        "Checkpoint cannot be checked",
        "MoeCheckpoint `{0}` cannot be checked: {1}", WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor GateContradicts = Create(
        "MOE0029",
        DiagnosticSeverity.Error,
        "Gate and activation contradict each other",
        "Block `{0}` and its activation `{1}` contradict each other: {2}");

    public static readonly DiagnosticDescriptor WrongArithmetic = Create(
        "MOE0030",
        DiagnosticSeverity.Error,
        "Numbers of a block contradict each other",
        "Block `{0}` cannot be routed: {1}");

    public static readonly DiagnosticDescriptor RenormalizedOne = Create(
        "MOE0031",
        DiagnosticSeverity.Warning,
        "One expert per token is renormalized",
        "Block `{0}` chooses one expert per token and divides its weight by itself, so that it is always 1; do not renormalize, or choose more");

    public static readonly DiagnosticDescriptor SharedExpertsOfNoWidth = Create(
        "MOE0032",
        DiagnosticSeverity.Error,
        "Shared experts have no width",
        "Block `{0}` has `[SharedExperts]`, and its config says that there are none: {1} is 0; declare `[SharedExperts(Optional = true)]`");

    public static readonly DiagnosticDescriptor MisnamedProjection = Create(
        "MOE0033",
        DiagnosticSeverity.Warning,
        "Projection has the name of another",
        "`[ExpertWeights]` on `{0}` says that {1} is `{2}`, which is what checkpoints call the {3} projection; shapes cannot tell, so make sure");

    public static readonly DiagnosticDescriptor NarrowRouter = Create(
        "MOE0034",
        DiagnosticSeverity.Warning,
        "Router is kept in float32 and declared in the model's dtype",
        "{0} of `{1}` is float32 and most tensors beside it are not, and `{2}` computes in the model's dtype; declare `[RouterWeights(Float32 = true)]`, or make sure",
        WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor ContradictoryRouterWeights = Create(
        "MOE0035",
        DiagnosticSeverity.Error,
        "Router weights contradict each other",
        "`[RouterWeights]` on `{0}` contradicts itself or the router: {1}");

    public static readonly DiagnosticDescriptor UncuttableModule = Create(
        "MOE0036",
        DiagnosticSeverity.Error,
        "Tensor ranks cannot share a module",
        "{0} of `{1}` cannot be cut for TensorParallel {2}: expected a number that {3}, {4}; {5} would do", WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor GeneratedName = Create(
        "MOE0037",
        DiagnosticSeverity.Error,
        "Member has the name of a generated one",
        "`{0}` of `{1}` has the name of a member that is generated; {2}");

    public static readonly DiagnosticDescriptor UnannotatedBlock = Create(
        "MOE0038",
        DiagnosticSeverity.Error,
        "Block is not annotated",
        "`{0}` derives from `MoeBlock` and has no experts; annotate it with `[MoeBlock<TRouter, TActivation>]`, or write `RoutedExperts` and `forward`");

    public static readonly DiagnosticDescriptor ContradictsPublished = Create(
        "MOE0039",
        DiagnosticSeverity.Error,
        "Declaration contradicts the published model",
        "`{0}` answers to the model type `{1}`, which {2}; {3}, or give it a model type of its own");

    public static readonly DiagnosticDescriptor UnreadRouting = Create(
        "MOE0040",
        DiagnosticSeverity.Warning,
        "Key of the routing is read by nobody",
        "`{0}`: `{1}` is {2}, and `{3}` does not read it; read it, or say with `[ConfigSupports]` which values the declaration is for",
        WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor UnfilledConfigMember = Create(
        "MOE0041",
        DiagnosticSeverity.Error,
        "Config member is filled by nobody",
        "`{0}` of `{1}` is filled by nobody: config.json fills properties with `init`; declare it `{{ get; init; }}`, or give it a value");

    private static DiagnosticDescriptor Create(
        string id, DiagnosticSeverity severity, string title, string message, params string[] tags) => new(
        id,
        title,
        message,
        severity == DiagnosticSeverity.Error ? "Moe.Declaration" : "Moe.Usage",
        severity,
        isEnabledByDefault: true,
        helpLinkUri: $"https://github.com/moesaic/moesaic/blob/main/docs/diagnostics/{id}.md",
        customTags: tags);
}
