using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using System.Security.Cryptography;
using System.Text;

namespace Moesaic.Kernels;

/// <summary>A name for everything that the PTX of a kernel depends on: another kernel, or the same one changed, has another name.</summary>
internal static class KernelFingerprint
{
    internal static string Of(MethodInfo method, KernelBounds bounds, KernelTarget target)
    {
        var text = new StringBuilder()
            .AppendLine(KernelCompiler.Version)
            .AppendLine(Signature(method))
            .AppendLine(CultureInfo.InvariantCulture, $"{bounds} {target}");
        foreach (var module in Modules(method).Select(static module => $"{module.Name} {module.ModuleVersionId}").Order(StringComparer.Ordinal))
        {
            text.AppendLine(module);
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
        return $"{method.DeclaringType!.Name}-{hash[..24]}";
    }

    private static string Signature(MethodInfo method) =>
        $"{method.DeclaringType}.{method.Name}<{string.Join(", ", method.GetGenericArguments().Select(static type => type.ToString()))}>"
        + $"({string.Join(", ", method.GetParameters().Select(static parameter => parameter.ParameterType.ToString()))})";

    /// <summary>The modules whose IL may be in the kernel: its own, those of its type arguments, and all of ours and its author's that these refer to.</summary>
    /// <remarks>A module's version id is a hash of what it was compiled from, as long as builds are deterministic.</remarks>
    private static IEnumerable<Module> Modules(MethodInfo method)
    {
        var seen = new HashSet<Assembly>();
        var left = new Stack<Assembly>([method.Module.Assembly, typeof(KernelCompiler).Assembly, .. method.GetGenericArguments().SelectMany(AssembliesOf)]);
        while (left.TryPop(out var assembly))
        {
            if (!seen.Add(assembly))
            {
                continue;
            }

            foreach (var name in assembly.GetReferencedAssemblies().Where(static name => !IsOfThePlatform(name)))
            {
                left.Push(AssemblyLoadContext.GetLoadContext(assembly)!.LoadFromAssemblyName(name));
            }
        }

        return seen.SelectMany(static assembly => assembly.Modules);
    }

    private static IEnumerable<Assembly> AssembliesOf(Type type) => type.GetGenericArguments().SelectMany(AssembliesOf).Append(type.Assembly);

    /// <summary>.NET's own code is in a kernel only as ILGPU's twin of it, and ILGPU's version is in the name.</summary>
    private static bool IsOfThePlatform(AssemblyName name) =>
        name.Name is "mscorlib" or "netstandard" or "System" or "TorchSharp" || name.Name!.StartsWith("System.", StringComparison.Ordinal);
}
