using Microsoft.CodeAnalysis.CSharp.Syntax;
using Moesaic.Generators.Evaluation;

namespace Moesaic.Generators.Expansion;

/// <summary>The statements of a constructor, or of <c>RegisterChildren</c>: assignments, conditions, registrations.</summary>
internal sealed class ConstructorBody(Evaluator evaluator, Instance instance)
{
    /// <param name="body">The statements.</param>
    /// <param name="scope">What they see.</param>
    /// <param name="expression">The expression in their place.</param>
    public void Run(BlockSyntax? body, Scope scope, ExpressionSyntax? expression = null)
    {
        if (expression is not null)
        {
            Run(expression, scope, isCertain: true);
        }

        foreach (var statement in body?.Statements ?? [])
        {
            Run(statement, scope, isCertain: true);
        }
    }

    private void Run(StatementSyntax statement, Scope scope, bool isCertain)
    {
        switch (statement)
        {
            case ExpressionStatementSyntax plain:
                Run(plain.Expression, scope, isCertain);
                break;
            case LocalDeclarationStatementSyntax local:
                foreach (var variable in local.Declaration.Variables)
                {
                    scope.Set(variable.Identifier.Text, variable.Initializer is { } initializer ? evaluator.Evaluate(initializer.Value, scope) : Value.Unknown);
                }

                break;
            case BlockSyntax block:
                foreach (var inner in block.Statements)
                {
                    Run(inner, scope, isCertain);
                }

                break;
            case IfStatementSyntax test:
                var decided = Logic.IsTrue(evaluator.Evaluate(test.Condition, scope));
                if (decided != false)
                {
                    Run(test.Statement, scope, isCertain && decided == true);
                }

                if (decided != true && test.Else is { } otherwise)
                {
                    Run(otherwise.Statement, scope, isCertain && decided == false);
                }

                break;
        }
    }

    private void Run(ExpressionSyntax expression, Scope scope, bool isCertain)
    {
        switch (expression)
        {
            case AssignmentExpressionSyntax { Left: TupleExpressionSyntax left, Right: TupleExpressionSyntax right }:
                for (var i = 0; i < left.Arguments.Count && i < right.Arguments.Count; i++)
                {
                    Assign(left.Arguments[i].Expression, right.Arguments[i].Expression, scope, isCertain);
                }

                break;
            case AssignmentExpressionSyntax assignment:
                Assign(assignment.Left, assignment.Right, scope, isCertain);
                break;
            case InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "Register" } } call:
                Register(call.ArgumentList, scope, isCertain);
                break;
        }
    }

    private void Assign(ExpressionSyntax left, ExpressionSyntax right, Scope scope, bool isCertain)
    {
        var name = left switch
        {
            IdentifierNameSyntax identifier => identifier.Identifier.Text,
            MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access => access.Name.Identifier.Text,
            _ => null,
        };
        if (name is not null)
        {
            // Most members are numbers or caches that nobody registers: evaluated when somebody asks.
            instance.Assign(name, new(() => Perhaps(evaluator.Evaluate(right, scope, instance.TypeOf(name)), isCertain)));
        }
    }

    private void Register(ArgumentListSyntax list, Scope scope, bool isCertain)
    {
        var arguments = list.Arguments;
        if (arguments.Count < 2)
        {
            return;
        }

        var written = arguments.FirstOrDefault(static a => a.NameColon?.Name.Identifier.Text == "checkpointName")
            ?? (arguments.Count > 2 && arguments[2] is { NameColon: null, Expression: not LambdaExpressionSyntax } third ? third : arguments[0]);
        var value = Perhaps(evaluator.Evaluate(arguments[1].Expression, scope), isCertain);
        if (evaluator.Evaluate(written.Expression, scope) is TextValue name)
        {
            instance.Register(name.Text, value);
        }
        else if (value != Value.Null)
        {
            instance.Register("", Value.Unknown);
        }
    }

    /// <summary>What stands under a condition that is not decided may also not be there.</summary>
    private static Value Perhaps(Value value, bool isCertain) => isCertain || value == Value.Unknown ? value : new ChoiceValue([value, Value.Null]);
}
