using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Moesaic.Generators.Expansion;

namespace Moesaic.Generators.Evaluation;

/// <summary>Calls: of the methods of a config or a module, where these are one expression or little more.</summary>
internal sealed class Calls(Evaluator evaluator)
{
    private const int Deepest = 32;

    private int _depth;

    public Value Evaluate(InvocationExpressionSyntax call, Scope scope, TypeReference? expected)
    {
        var arguments = call.ArgumentList.Arguments;
        return call.Expression switch
        {
            IdentifierNameSyntax { Identifier.Text: "NewParameter" } => Parameter(arguments, scope),
            IdentifierNameSyntax { Identifier.Text: "nameof" } when arguments is [{ Expression: var named }] => new TextValue(named.ToString().Split('.').Last()),
            IdentifierNameSyntax name when scope.Self is { } self => Run(self, name.Identifier.Text, call.ArgumentList, scope, expected),
            MemberAccessExpressionSyntax access => OnTarget(access, call.ArgumentList, scope, expected),
            _ => Value.Unknown,
        };
    }

    private ParameterValue Parameter(SeparatedSyntaxList<ArgumentSyntax> arguments, Scope scope)
    {
        var sizes = arguments.Select(a => evaluator.Evaluate(a.Expression, scope)).ToArray();
        return new(sizes.Any(static size => size is ListValue) ? null : [.. sizes.Select(static size => size is NumberValue n ? (long?)n.Number : null)]);
    }

    private Value OnTarget(MemberAccessExpressionSyntax access, ArgumentListSyntax arguments, Scope scope, TypeReference? expected)
    {
        var name = access.Name.Identifier.Text;
        if (name == "Create" && access.Expression is TypeSyntax type && scope.Types?.Resolve(type) is { } made)
        {
            return evaluator.Modules.New(made, arguments, scope); // A decoder layer's own factory calls its constructor.
        }

        return evaluator.Evaluate(access.Expression, scope) switch
        {
            ConfigValue config => Run(evaluator.Members(config), name, arguments, scope, expected),
            ListValue list when name == "Contains" && arguments.Arguments is [var item] => Contains(list, evaluator.Evaluate(item.Expression, scope)),
            _ => Value.Unknown,
        };
    }

    private static Value Contains(ListValue list, Value item) =>
        Value.Of(list.Items.Aggregate((bool?)false, (found, value) => Logic.Or(found, Logic.Same(value, item))));

    private Value Run(IMembers target, string name, ArgumentListSyntax arguments, Scope scope, TypeReference? expected)
    {
        var methods = target.Declarations
            .SelectMany(static type => type.Declaration.Members.OfType<MethodDeclarationSyntax>().Select(method => (method, type.Scope)))
            .Where(item => item.method.Identifier.Text == name && item.method.ParameterList.Parameters.Count == arguments.Arguments.Count)
            .Take(2)
            .ToArray();
        if (methods is not [var (method, outer)] || _depth > Deepest)
        {
            return Value.Unknown; // None, or an overload or override whose turn a type would decide.
        }

        var inner = new Scope(outer, target);
        for (var i = 0; i < arguments.Arguments.Count; i++)
        {
            inner.Set(method.ParameterList.Parameters[i].Identifier.Text, evaluator.Evaluate(arguments.Arguments[i].Expression, scope));
        }

        _depth++;
        var result = method.ExpressionBody is { } body ? evaluator.Evaluate(body.Expression, inner, expected)
            : method.Body is { } block ? Run(block.Statements, inner, expected) ?? Value.Unknown
            : Value.Unknown;
        _depth--;
        return result;
    }

    /// <summary>Straight lines, with returns on conditions that are decided; null where nothing is returned.</summary>
    private Value? Run(IEnumerable<StatementSyntax> statements, Scope scope, TypeReference? expected)
    {
        foreach (var statement in statements)
        {
            switch (statement)
            {
                case LocalDeclarationStatementSyntax { Declaration.Variables: [{ Initializer: { } initializer } variable] }:
                    scope.Set(variable.Identifier.Text, evaluator.Evaluate(initializer.Value, scope));
                    break;
                case ReturnStatementSyntax { Expression: { } result }:
                    return evaluator.Evaluate(result, scope, expected);
                case BlockSyntax block:
                    if (Run(block.Statements, scope, expected) is { } returned)
                    {
                        return returned;
                    }

                    break;
                case IfStatementSyntax test:
                    if (Logic.IsTrue(evaluator.Evaluate(test.Condition, scope)) is not { } decided)
                    {
                        return Value.Unknown;
                    }

                    if ((decided ? test.Statement : test.Else?.Statement) is { } branch && Run([branch], scope, expected) is { } early)
                    {
                        return early;
                    }

                    break;
                default:
                    return Value.Unknown;
            }
        }

        return null;
    }
}
