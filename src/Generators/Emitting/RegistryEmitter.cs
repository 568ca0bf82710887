using Microsoft.CodeAnalysis.Text;
using Moesaic.Generators.Planning;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Emitting;

/// <summary>Writes the entry of an assembly's models into the registry.</summary>
internal static class RegistryEmitter
{
    public static SourceText Write(RegistryPlan plan)
    {
        var writer = new SourceWriter();
        GeneratedFile.WriteHeader(writer, nameof(MoeModelGenerator), "the models of this assembly");
        writer.Write("namespace Moesaic.Generated;");
        writer.Separate();
        writer.Write("/// <summary>Enters the models of this assembly into the registry when the assembly is loaded.</summary>");
        writer.Open("file static class ModelRegistration");
        writer.Write("""
            [global::System.Runtime.CompilerServices.ModuleInitializer]
            internal static void Register() => global::Moesaic.ModelRegistry.Add(
            """);
        for (var i = 0; i < plan.Models.Count; i++)
        {
            WriteModel(writer, plan.Models[i], i == plan.Models.Count - 1 ? ");" : ",");
        }

        writer.Close();
        return writer.ToSourceText();
    }

    private static void WriteModel(SourceWriter writer, MoeModelPlan model, string end)
    {
        writer.Write($$"""
                new global::Moesaic.ModelDefinition(
                    {{CSharpText.Literal(model.Name)}},
                    {{CSharpText.Literal(model.ModelType)}},
                    [{{CSharpText.Literals(model.Architectures)}}],
                    [{{CSharpText.Literals(model.Ignored)}}],
                    static reader => new {{model.TypeName}}({{model.ConfigType}}.Read(reader)))
                {
                    Mixers = [{{CSharpText.Literals(model.Outline.Mixers)}}],
            """);
        WriteBlocks(writer, model.Outline.Blocks);
        writer.Write($"    }}{end}");
    }

    private static void WriteBlocks(SourceWriter writer, IReadOnlyCollection<BlockOutlineSpec> blocks)
    {
        if (blocks.Count == 0)
        {
            return; // None is what a definition has without being told.
        }

        writer.Write("        Blocks =");
        writer.Write("        [");
        foreach (var block in blocks)
        {
            string[] facts = [block.Name, block.Router, block.Activation, MoeBlockFacts.Experts(block.Experts), MoeBlockFacts.Shared(block.SharedExperts)];
            writer.Write($"            new({CSharpText.Literals(facts)}),");
        }

        writer.Write("        ],");
    }
}
