using System.Reflection;
using System.Runtime.Loader;
using Moesaic.Configs;

namespace Moesaic.Generators.Tests.Harness;

/// <summary>Runs what was generated.</summary>
internal static class RuntimeAssembly
{
    public static Assembly Load(params string[] sources)
    {
        using var image = new MemoryStream();
        Assert.True(GeneratorRun.Of(sources).Compilation.Emit(image).Success);
        image.Position = 0;
        return new AssemblyLoadContext(name: null, isCollectible: true).LoadFromStream(image);
    }

    /// <summary>Compiles a config record and lets it read a config.json.</summary>
    public static dynamic Read(string type, string source, string json) =>
        Load(source).GetType(type)!.GetMethod("Read")!.Invoke(null, [ConfigReader.Parse(json, "config.json")])!;
}
