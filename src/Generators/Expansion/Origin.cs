using Microsoft.CodeAnalysis;

namespace Moesaic.Generators.Expansion;

/// <summary>The declaration that a tensor comes from: <c>MixtralDecoderLayer.SelfAttn</c>.</summary>
internal sealed record Origin(string Declaration, Location? Location);
