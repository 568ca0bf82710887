using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Moesaic.Generators.Expansion;
using Moesaic.Generators.Json;

namespace Moesaic.Generators.Evaluation;

/// <param name="IsWhole">An integer, whose division drops the rest.</param>
internal sealed record NumberValue(double Number, bool IsWhole) : Value;

internal sealed record BooleanValue(bool Boolean) : Value;

internal sealed record TextValue(string Text) : Value;

internal sealed record ListValue(IReadOnlyList<Value> Items) : Value;

internal sealed record TupleValue(IReadOnlyList<Value> Items) : Value;

/// <summary>A config record, its settable properties filled from an object of config.json.</summary>
internal sealed record ConfigValue(INamedTypeSymbol Type, JsonValue Json) : Value;

internal sealed record LambdaValue(IReadOnlyList<string> Parameters, ExpressionSyntax Body, Scope Scope) : Value;

/// <summary>A module: the tensors below it, by names relative to it.</summary>
internal sealed record ModuleValue(TensorNode Node) : Value;

/// <summary>A parameter; null for dimensions that are not decided.</summary>
internal sealed record ParameterValue(IReadOnlyList<long?>? Shape) : Value;

/// <summary>One of several, by a condition that is not decided.</summary>
internal sealed record ChoiceValue(IReadOnlyList<Value> Alternatives) : Value;
