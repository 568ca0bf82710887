using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Moesaic.Generators.Evaluation;

/// <summary>Whether a value is as a pattern says; null where that is not decided.</summary>
internal sealed class Patterns(Evaluator evaluator)
{
    public bool? Match(Value value, PatternSyntax pattern, Scope scope) => pattern switch
    {
        ParenthesizedPatternSyntax inner => Match(value, inner.Pattern, scope),
        UnaryPatternSyntax not => !Match(value, not.Pattern, scope),
        BinaryPatternSyntax both when both.IsKind(SyntaxKind.OrPattern) => Logic.Or(Match(value, both.Left, scope), Match(value, both.Right, scope)),
        BinaryPatternSyntax both => Logic.And(Match(value, both.Left, scope), Match(value, both.Right, scope)),
        ConstantPatternSyntax constant => Logic.Same(value, evaluator.Evaluate(constant.Expression, scope)),
        RelationalPatternSyntax relation => Logic.Compare(relation.OperatorToken.Kind(), value, evaluator.Evaluate(relation.Expression, scope)),
        DiscardPatternSyntax => true,
        VarPatternSyntax { Designation: SingleVariableDesignationSyntax variable } => Bind(value, variable, scope),
        RecursivePatternSyntax { Type: null, PositionalPatternClause: null, PropertyPatternClause.Subpatterns.Count: 0 } any =>
            Logic.Same(value, Value.Null) is { } isNull
                ? !isNull && (any.Designation is not SingleVariableDesignationSyntax variable || Bind(value, variable, scope))
                : Undecided(value, any.Designation, scope),
        _ => null,
    };

    private static bool Bind(Value value, SingleVariableDesignationSyntax variable, Scope scope)
    {
        scope.Set(variable.Identifier.Text, value);
        return true;
    }

    private static bool? Undecided(Value value, VariableDesignationSyntax? designation, Scope scope)
    {
        if (designation is SingleVariableDesignationSyntax variable)
        {
            Bind(value, variable, scope);
        }

        return null;
    }
}
