using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Moesaic.Generators.Diagnostics;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Tests;

/// <summary>Rules of the house that a compiler does not know.</summary>
public sealed class ArchitectureTests
{
    private static readonly string Folder = Path.Combine(TestData.Root, "src", "Generators");

    public static TheoryData<string> Ids => [.. Descriptors().Select(static descriptor => descriptor.Id)];

    [Fact]
    public void Attributes_AreSealed() => Assert.All(
        typeof(ModuleAttribute).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(Attribute)) && type.Namespace == "Moesaic"),
        static type => Assert.True(type.IsSealed, type.Name));

    [Theory]
    [InlineData("Specs")]
    [InlineData("Planning")]
    public void SpecsAndPlans_KnowNothingOfTheCompiler(string folder) => Assert.All(
        Directory.GetFiles(Path.Combine(Folder, folder), "*.cs"),
        static file => Assert.DoesNotContain("Microsoft.CodeAnalysis", File.ReadAllText(file), StringComparison.Ordinal));

    [Fact]
    public void Generators_ReferenceNothingButTheCompiler() => Assert.All(
        typeof(ModuleGenerator).Assembly.GetReferencedAssemblies(),
        static name => Assert.True(
            name.Name is "netstandard" || name.Name!.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) || name.Name.StartsWith("System.", StringComparison.Ordinal),
            name.Name));

    [Fact]
    public void Files_StayUnder300Lines() => Assert.All(
        Directory.GetFiles(Folder, "*.cs", SearchOption.AllDirectories).Where(static file => !file.Contains("/obj/", StringComparison.Ordinal)),
        static file => Assert.InRange(File.ReadAllLines(file).Length, 1, 300));

    [Theory]
    [MemberData(nameof(Ids))]
    public void Diagnostic_HasAPageAndARelease(string id)
    {
        var descriptor = Descriptors().Single(d => d.Id == id);
        var page = File.ReadAllText(Path.Combine(TestData.Root, "docs", "diagnostics", $"{id}.md"));
        Assert.StartsWith($"# {id}: {descriptor.Title}\n", page.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("## Why", page, StringComparison.Ordinal);
        Assert.Contains("## Wrong", page, StringComparison.Ordinal);
        Assert.Contains("## Right", page, StringComparison.Ordinal);
        Assert.EndsWith($"docs/diagnostics/{id}.md", descriptor.HelpLinkUri, StringComparison.Ordinal);

        var releases = File.ReadAllText(Path.Combine(Folder, "AnalyzerReleases.Shipped.md")) + File.ReadAllText(Path.Combine(Folder, "AnalyzerReleases.Unshipped.md"));
        Assert.Matches($@"(?m)^{id} \| {Regex.Escape(descriptor.Category)} \| {descriptor.DefaultSeverity} \| ", releases);
    }

    [Fact]
    public void Diagnostics_AreAllReportedByAnAnalyzer() => Assert.Equal(
        Descriptors().Select(static descriptor => descriptor.Id).Order(StringComparer.Ordinal),
        new DeclarationAnalyzer().SupportedDiagnostics.Concat(new RegistryAnalyzer().SupportedDiagnostics).Concat(new CheckpointAnalyzer().SupportedDiagnostics)
            .Select(static descriptor => descriptor.Id)
            .Distinct()
            .Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(typeof(ExpertWeightsAttribute), typeof(ExpertWeightsSpec))]
    [InlineData(typeof(RouterWeightsAttribute), typeof(RouterWeightsSpec))]
    [InlineData(typeof(SharedExpertsAttribute), typeof(SharedExpertsSpec))]
    public void Spec_HasThePropertiesAndDefaultsOfItsAttribute(Type attribute, Type spec)
    {
        var (said, understood) = (attribute.GetConstructors().Single().Invoke([0]), Activator.CreateInstance(spec));
        var names = Own(attribute);
        Assert.Equal(names, Own(spec));
        Assert.All(names, name => Assert.Equal(Value(attribute, said, name), Value(spec, understood, name)));

        static IEnumerable<string> Own(Type type) => type
            .GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
            .Select(static property => property.Name)
            .Where(static name => name != "Line") // Of reports alone: a spec that has lines would be another one after every edit.
            .Order(StringComparer.Ordinal);

        // Two enums of one shape, one on either side of the border.
        static object? Value(Type type, object? of, string name) =>
            type.GetProperty(name)!.GetValue(of) is var value && value is Enum ? Convert.ToInt32(value, null) : value;
    }

    [Fact]
    public void Layouts_AreThoseOfTheAttribute() => Assert.Equal(Enum.GetNames<ExpertLayout>(), Enum.GetNames<LayoutKind>());

    private static IEnumerable<DiagnosticDescriptor> Descriptors() => typeof(DiagnosticDescriptors)
        .GetFields(BindingFlags.Static | BindingFlags.Public)
        .Select(static field => (DiagnosticDescriptor)field.GetValue(null)!);
}
