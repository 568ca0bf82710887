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

    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp14, DocumentationMode.Diagnose);

    private static readonly CSharpCompilationOptions Options = new(
        OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, warningLevel: 9999);

    private static readonly MetadataReference[] References =
    [
        .. Framework().Select(path => MetadataReference.CreateFromFile(path)),
        MetadataReference.CreateFromFile(typeof(ExplicitModule).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(TorchSharp.torch).Assembly.Location),
    ];

    /// <summary>One file for each text: Source0.cs, Source1.cs, …</summary>
    public static CSharpCompilation Of(params IEnumerable<string> sources) => CSharpCompilation.Create(
        "Sample",
        [Parse(ImplicitUsings, "GlobalUsings.cs"), .. sources.Select((source, i) => Parse(source, $"Source{i}.cs"))],
        References,
        Options);

    /// <summary>The same, where the runtime is no assembly but a compilation of its own, as in an editor.</summary>
    public static CSharpCompilation BesideRuntime(IEnumerable<string> sources)
    {
        var runtime = Directory.EnumerateFiles(Path.Combine(TestData.Root, "src", "Runtime"), "*.cs", SearchOption.AllDirectories)
            .Where(static file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
        var compilation = CSharpCompilation.Create(
            "Moesaic.Runtime", [Parse(ImplicitUsings, "GlobalUsings.cs"), .. runtime.Select(static file => Parse(File.ReadAllText(file), file))], References, Options);
        return Of(sources).WithReferences(References.Where(static r => Path.GetFileName(r.Display) != "Moesaic.Runtime.dll").Append(compilation.ToMetadataReference()));
    }

    public static SyntaxTree Parse(string source, string path) => CSharpSyntaxTree.ParseText(source, ParseOptions, path);

    /// <summary>A driver with all generators, as the compiler runs them.</summary>
    public static GeneratorDriver Driver() => CSharpGeneratorDriver.Create(
        [
            new ModuleGenerator().AsSourceGenerator(),
            new MoeBlockGenerator().AsSourceGenerator(),
            new ModelConfigGenerator().AsSourceGenerator(),
            new MoeModelGenerator().AsSourceGenerator(),
        ],
        parseOptions: ParseOptions,
        driverOptions: new(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    private static IEnumerable<string> Framework()
    {
        var directory = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == directory);
    }
}
