using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Moesaic.Generators.Tests.Harness;

/// <summary>Compilations as a model project has them: the framework, TorchSharp, Runtime, implicit usings, nullable, docs.</summary>
internal static class TestCompilation
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions s_parse = new(LanguageVersion.CSharp14, DocumentationMode.Diagnose);

    private static readonly CSharpCompilationOptions s_options = new(
        OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, warningLevel: 9999);

    private static readonly MetadataReference[] s_references =
    [
        .. Framework().Select(path => MetadataReference.CreateFromFile(path)),
        MetadataReference.CreateFromFile(typeof(ExplicitModule).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(TorchSharp.torch).Assembly.Location),
    ];

    /// <summary>One file for each text: Source0.cs, Source1.cs, …</summary>
    public static CSharpCompilation Of(params IEnumerable<string> sources) => CSharpCompilation.Create(
        "Sample",
        [Parse(ImplicitUsings, "GlobalUsings.cs"), .. sources.Select((source, i) => Parse(source, $"Source{i}.cs"))],
        s_references,
        s_options);

    public static SyntaxTree Parse(string source, string path) => CSharpSyntaxTree.ParseText(source, s_parse, path);

    /// <summary>A driver with all generators, as the compiler runs them.</summary>
    public static GeneratorDriver Driver() => CSharpGeneratorDriver.Create(
        [
            new ModuleGenerator().AsSourceGenerator(),
            new MoeBlockGenerator().AsSourceGenerator(),
            new ModelConfigGenerator().AsSourceGenerator(),
            new MoeModelGenerator().AsSourceGenerator(),
        ],
        parseOptions: s_parse,
        driverOptions: new(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    private static IEnumerable<string> Framework()
    {
        var directory = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == directory);
    }
}
