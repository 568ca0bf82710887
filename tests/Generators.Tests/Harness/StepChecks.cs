using System.Collections;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Moesaic.Generators.Known;

namespace Moesaic.Generators.Tests.Harness;

/// <summary>What holds for the steps of every generator.</summary>
internal static class StepChecks
{
    private static readonly string[] Names = [TrackingNames.Parse, TrackingNames.Plan, TrackingNames.Registry];

    /// <summary>The steps we named, with the name of their generator: <c>ModuleGenerator.Plan</c>.</summary>
    public static IEnumerable<(string Name, IncrementalGeneratorRunStep Step)> Steps(GeneratorDriverRunResult result) =>
        from generator in result.Results
        from name in Names
        where generator.TrackedSteps.ContainsKey(name)
        from step in generator.TrackedSteps[name]
        select ($"{generator.Generator.GetGeneratorType().Name}.{name}", step);

    /// <summary>After an edit that changes nothing, every step and every file is taken from the run before.</summary>
    public static void RunsNothingAgain(GeneratorDriverRunResult second)
    {
        Assert.All(Steps(second).SelectMany(static item => item.Step.Outputs), static output =>
            Assert.True(output.Reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, output.Reason.ToString()));
        Assert.All(
            second.Results.SelectMany(static generator => generator.TrackedOutputSteps.SelectMany(static steps => steps.Value)),
            static step => Assert.All(step.Outputs, static output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason)));
    }

    /// <summary>A symbol or a tree in a spec would keep whole compilations alive, and equal nothing of the next one.</summary>
    public static void HoldsNothingOfTheCompiler(GeneratorDriverRunResult result)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (var (name, step) in Steps(result))
        {
            foreach (var (value, _) in step.Outputs)
            {
                Walk(value, name, seen);
            }
        }
    }

    private static void Walk(object? value, string path, HashSet<object> seen)
    {
        if (value is null or string || value.GetType() is { IsPrimitive: true } or { IsEnum: true } || !seen.Add(value))
        {
            return;
        }

        Assert.False(value is ISymbol or Compilation or SyntaxNode or SyntaxTree or Location, $"{path} holds a {value.GetType()}");
        if (value is IEnumerable items)
        {
            foreach (var item in items)
            {
                Walk(item, path + "[]", seen);
            }
        }

        for (var type = value.GetType(); type is not null; type = type.BaseType)
        {
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                Walk(field.GetValue(value), $"{path}.{field.Name}", seen);
            }
        }
    }
}
