namespace Moesaic.Generators.Specs;

/// <summary>A constructor parameter and the expression over the config that fills it: <c>topK</c>, <c>config.TopK</c>.</summary>
internal sealed record ArgumentSpec(string Parameter, string Value);
