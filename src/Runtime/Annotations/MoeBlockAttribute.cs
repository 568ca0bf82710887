namespace Moesaic;

/// <summary>A Mixture-of-Experts block: the generator writes its router, fused experts, weight rules and forward.</summary>
/// <typeparam name="TRouter">How tokens choose experts.</typeparam>
/// <typeparam name="TActivation">What an expert does between its projections.</typeparam>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class MoeBlockAttribute<TRouter, TActivation> : Attribute
    where TRouter : struct, IRouter
    where TActivation : struct, IExpertActivation;
