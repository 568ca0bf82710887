using System.Runtime.CompilerServices;

namespace Moesaic;

/// <summary>A Mixture-of-Experts block: the generator writes its router, fused experts, weight rules and forward.</summary>
/// <typeparam name="TRouter">How tokens choose experts.</typeparam>
/// <typeparam name="TActivation">What an expert does between its projections.</typeparam>
/// <param name="line">The line of the declaration: the compiler fills it in.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class MoeBlockAttribute<TRouter, TActivation>([CallerLineNumber] int line = 0) : Attribute
    where TRouter : struct, IRouter
    where TActivation : struct, IExpertActivation
{
    /// <summary>The line of the declaration, for reports.</summary>
    public int Line { get; } = line;
}
