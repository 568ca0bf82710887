using System.Reflection;
using System.Runtime.CompilerServices;

namespace Moesaic.Kernels;

/// <summary>The activations whose kernels a model assembly needs.</summary>
internal static class ModelActivations
{
    /// <summary>Those that its blocks name, and its own structs, by name.</summary>
    internal static IEnumerable<Type> Of(Assembly assembly) => assembly.GetTypes()
        .SelectMany(static type => type.GetCustomAttributesData())
        .Select(static attribute => attribute.AttributeType)
        .Where(static attribute => attribute.IsGenericType && attribute.GetGenericTypeDefinition() == typeof(MoeBlockAttribute<,>))
        .Select(static attribute => attribute.GetGenericArguments()[1])
        .Concat(assembly.GetTypes().Where(static type => type.IsValueType && !type.ContainsGenericParameters && type.IsAssignableTo(typeof(IExpertActivation))))
        .Where(static type => !HoldsReferences(type))
        .Distinct()
        .OrderBy(static type => type.FullName, StringComparer.Ordinal);

    private static bool HoldsReferences(Type type) =>
        (bool)typeof(RuntimeHelpers).GetMethod(nameof(RuntimeHelpers.IsReferenceOrContainsReferences))!.MakeGenericMethod(type).Invoke(null, null)!;
}
