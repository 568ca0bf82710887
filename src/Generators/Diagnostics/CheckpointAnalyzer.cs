using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Moesaic.Generators.Checkpoints;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;
using Moesaic.Generators.Parsing;

namespace Moesaic.Generators.Diagnostics;

/// <summary>Compares declarations with the checkpoints that the project names: <c>&lt;MoeCheckpoint Include="…" Model="…" /&gt;</c>.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CheckpointAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        DiagnosticDescriptors.UnclaimedTensor,
        DiagnosticDescriptors.UnfilledParameter,
        DiagnosticDescriptors.ConfigMismatch,
        DiagnosticDescriptors.ContradictoryConfig,
        DiagnosticDescriptors.MisshapenTensor,
        DiagnosticDescriptors.UncheckedCheckpoint,
        DiagnosticDescriptors.NarrowRouter,
        DiagnosticDescriptors.UncuttableModule,
        DiagnosticDescriptors.UnreadRouting,
        DiagnosticDescriptors.WrongArithmetic,
        DiagnosticDescriptors.RenormalizedOne,
        DiagnosticDescriptors.SharedExpertsOfNoWidth,
    ];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationAction(static compilation =>
        {
            foreach (var files in CheckpointFiles.All(compilation.Options))
            {
                foreach (var finding in Check(files, compilation))
                {
                    compilation.ReportDiagnostic(finding);
                }
            }
        });
    }

    private static IReadOnlyList<Diagnostic> Check(CheckpointFiles files, CompilationAnalysisContext context)
    {
        if (files.Config is not { } configFile || configFile.GetText(context.CancellationToken) is not { } configText)
        {
            return [Unchecked(files, null, "it has no config.json")];
        }

        if (files.Tensors is not { } tensorsFile || tensorsFile.GetText(context.CancellationToken) is not { } tensorsText)
        {
            return [Unchecked(
                files, configFile, "it has no model.safetensors.index.json, and weights are not read here; write a manifest with `moesaic inspect --manifest` and name it: Manifest=\"…\"")];
        }

        if (!context.TryGetValue(configText, CheckpointConfig.Provider, out var config) || config.Error is not null)
        {
            return [Unchecked(files, configFile, config?.Error ?? "it cannot be read")];
        }

        if (!context.TryGetValue(tensorsText, CheckpointTensors.Provider, out var tensors) || tensors.Error is not null)
        {
            return [Unchecked(files, tensorsFile, tensors?.Error ?? "it cannot be read")];
        }

        var all = Models(context.Compilation.Assembly.GlobalNamespace).ToArray();
        var models = all.Where(model => model.Name == files.Model || model.ToDisplayString() == files.Model).Take(2).ToArray();
        if (models is not [var model])
        {
            var asked = all.FirstOrDefault(other => ModelNames.Answers(other, config.Root));
            return [Unchecked(
                files, configFile,
                $"the project has {(models.Length == 0 ? "no model" : "several models")} `{files.Model}`{(asked is null ? "" : $", and `{asked.Name}` answers to this config.json")}; correct Model=\"…\"")];
        }

        if (CutCheck.Ranks(files.TensorParallel) is not { } ranks)
        {
            return [Unchecked(files, configFile, $"TensorParallel: expected numbers of ranks, such as 4 or 2,4, found `{files.TensorParallel}`; correct the item")];
        }

        if (LastCheck.Of(tensors, config, files.Model, files.TensorParallel, context.Compilation) is { } last)
        {
            return last.Findings;
        }

        var findings = new ParseContext(context.Compilation, context.CancellationToken);
        var trees = new CheckpointCheck(files.Name, config, tensors, findings).Run(model, ranks);
        new LastCheck(files.Model, files.TensorParallel, config, trees, [.. context.Compilation.References], findings.Findings).Keep(tensors);
        return findings.Findings;
    }

    private static IEnumerable<INamedTypeSymbol> Models(INamespaceSymbol space) => space.GetTypeMembers()
        .Where(static type => type.Attribute(KnownTypes.MoeModelAttribute) is not null)
        .Concat(space.GetNamespaceMembers().SelectMany(Models));

    private static Diagnostic Unchecked(CheckpointFiles files, AdditionalText? file, string why) => Diagnostic.Create(
        DiagnosticDescriptors.UncheckedCheckpoint, file is null ? Location.None : Location.Create(file.Path, default, default), files.Name, why);
}
