using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using Moesaic.Configs;

namespace Moesaic;

/// <summary>The architectures this process knows. Model assemblies enter theirs when they are loaded, by generated code.</summary>
public static class ModelRegistry
{
    private static ImmutableList<ModelDefinition> _models = [];

    /// <summary>All of them, by model type.</summary>
    public static IReadOnlyList<ModelDefinition> Models => [.. _models.OrderBy(model => model.ModelType, StringComparer.Ordinal)];

    /// <summary>Enters architectures; one that is there already, by model type, is replaced by the newer.</summary>
    public static void Add(params ReadOnlySpan<ModelDefinition> models)
    {
        foreach (var model in models)
        {
            ImmutableInterlocked.Update(
                ref _models, static (known, added) => known.RemoveAll(m => m.ModelType == added.ModelType).Add(added), model);
        }
    }

    /// <summary>Lets an assembly enter its architectures, if it has not run yet.</summary>
    public static void AddFrom(Assembly assembly) => RuntimeHelpers.RunModuleConstructor(assembly.ManifestModule.ModuleHandle);

    /// <summary>The architecture a config.json asks for: by <c>architectures</c> first, then by <c>model_type</c>.</summary>
    /// <exception cref="ConfigException">It is not known; the message lists what is.</exception>
    public static ModelDefinition Find(ConfigReader config)
    {
        var architectures = config.OptionalStrings("architectures") ?? [];
        var modelType = config.OptionalString("model_type");
        return _models.Find(model => model.Architectures.Intersect(architectures, StringComparer.Ordinal).Any())
            ?? _models.Find(model => model.ModelType == modelType)
            ?? throw config.Error(
                "architectures",
                $"a known architecture ({string.Join(", ", Models.Select(model => model.Architectures.FirstOrDefault() ?? model.ModelType))})",
                architectures.Count > 0 ? string.Join(", ", architectures) : $"model_type {modelType ?? "missing"}",
                "name the assembly that declares it with --assembly");
    }
}
