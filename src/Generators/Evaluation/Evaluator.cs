using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Moesaic.Generators.Expansion;

namespace Moesaic.Generators.Evaluation;

/// <summary>What expressions of a declaration come to. What it does not understand it leaves undecided.</summary>
internal sealed class Evaluator
{
    private readonly Calls _calls;
    private readonly Patterns _patterns;

    public Evaluator(TypeNames types, CancellationToken cancellation)
    {
        (Types, Modules) = (types, new(this, cancellation));
        (_calls, _patterns) = (new(this), new(this));
    }

    public TypeNames Types { get; }

    /// <summary>What is wrong with the numbers of blocks that were made, by block.</summary>
    public Dictionary<string, IReadOnlyList<Diagnostic>> Findings { get; } = new(StringComparer.Ordinal);

    /// <summary>What is evaluated stands under no condition that is not decided.</summary>
    public bool IsCertain { get; private set; } = true;

    /// <summary>What makes modules.</summary>
    public ModuleMaker Modules { get; }

    /// <param name="expression">The expression.</param>
    /// <param name="scope">What it sees.</param>
    /// <param name="expected">What a <c>new(…)</c> makes there.</param>
    public Value Evaluate(ExpressionSyntax expression, Scope scope, TypeReference? expected = null) => expression switch
    {
        LiteralExpressionSyntax literal => Literal(literal),
        IdentifierNameSyntax name => scope.Find(name.Identifier.Text) ?? Value.Unknown,
        ParenthesizedExpressionSyntax inner => Evaluate(inner.Expression, scope, expected),
        PostfixUnaryExpressionSyntax certain when certain.IsKind(SyntaxKind.SuppressNullableWarningExpression) => Evaluate(certain.Operand, scope, expected),
        PrefixUnaryExpressionSyntax unary => Unary(unary, scope),
        CastExpressionSyntax cast => Cast(cast, Evaluate(cast.Expression, scope, expected)),
        ConditionalExpressionSyntax conditional => Conditional(conditional, scope, expected),
        IsPatternExpressionSyntax test => Value.Of(_patterns.Match(Evaluate(test.Expression, scope), test.Pattern, scope)),
        SwitchExpressionSyntax choice => Switch(choice, scope, expected),
        BinaryExpressionSyntax binary => Binary(binary, scope, expected),
        MemberAccessExpressionSyntax access => Member(access, scope),
        ElementAccessExpressionSyntax { ArgumentList.Arguments: [var index] } element => Element(Evaluate(element.Expression, scope), Evaluate(index.Expression, scope)),
        InvocationExpressionSyntax call => _calls.Evaluate(call, scope, expected),
        ObjectCreationExpressionSyntax made => Modules.New(scope.Types?.Resolve(made.Type), made.ArgumentList, scope),
        ImplicitObjectCreationExpressionSyntax made => Modules.New(expected, made.ArgumentList, scope),
        TupleExpressionSyntax tuple => new TupleValue([.. tuple.Arguments.Select(a => Evaluate(a.Expression, scope))]),
        CollectionExpressionSyntax list when list.Elements.All(static e => e is ExpressionElementSyntax) =>
            new ListValue([.. list.Elements.Select(e => Evaluate(((ExpressionElementSyntax)e).Expression, scope))]),
        SimpleLambdaExpressionSyntax { ExpressionBody: { } body } lambda => new LambdaValue([lambda.Parameter.Identifier.Text], body, scope),
        ParenthesizedLambdaExpressionSyntax { ExpressionBody: { } body } lambda =>
            new LambdaValue([.. lambda.ParameterList.Parameters.Select(static p => p.Identifier.Text)], body, scope),
        _ => Value.Unknown,
    };

    /// <summary>The properties and methods of a config record.</summary>
    public IMembers Members(ConfigValue config) => new ConfigMembers(config, this);

    private static Value Literal(LiteralExpressionSyntax literal) => literal.Token.Value switch
    {
        int or long or uint => Value.Whole(Convert.ToDouble(literal.Token.Value, System.Globalization.CultureInfo.InvariantCulture)),
        double or float or decimal => new NumberValue(Convert.ToDouble(literal.Token.Value, System.Globalization.CultureInfo.InvariantCulture), IsWhole: false),
        bool boolean => new BooleanValue(boolean),
        string text => new TextValue(text),
        null when literal.IsKind(SyntaxKind.NullLiteralExpression) => Value.Null,
        _ => Value.Unknown,
    };

    private static Value Cast(CastExpressionSyntax cast, Value value) => (cast.Type, value) switch
    {
        (PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.IntKeyword or (int)SyntaxKind.LongKeyword }, NumberValue n) => Value.Whole(Math.Truncate(n.Number)),
        (PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.DoubleKeyword or (int)SyntaxKind.FloatKeyword }, NumberValue n) => n with { IsWhole = false },
        _ => value,
    };

    private static Value Element(Value list, Value index) =>
        (list, index) is (ListValue { Items: var items }, NumberValue { Number: var at }) && at >= 0 && at < items.Count ? items[(int)at] : Value.Unknown;

    private Value Unary(PrefixUnaryExpressionSyntax unary, Scope scope) => (unary.OperatorToken.Kind(), Evaluate(unary.Operand, scope)) switch
    {
        (SyntaxKind.ExclamationToken, var operand) => Value.Of(!Logic.IsTrue(operand)),
        (SyntaxKind.MinusToken, NumberValue number) => number with { Number = -number.Number },
        _ => Value.Unknown,
    };

    private Value Conditional(ConditionalExpressionSyntax conditional, Scope scope, TypeReference? expected)
    {
        var condition = Logic.IsTrue(Evaluate(conditional.Condition, scope));
        if (condition is { } decided)
        {
            return Evaluate(decided ? conditional.WhenTrue : conditional.WhenFalse, scope, expected);
        }

        var before = IsCertain;
        IsCertain = false;
        var either = OneOf(Evaluate(conditional.WhenTrue, scope, expected), Evaluate(conditional.WhenFalse, scope, expected));
        IsCertain = before;
        return either;
    }

    /// <summary>Of what becomes tensors, either; of anything else nothing is known unless both are the same.</summary>
    private static Value OneOf(Value a, Value b) => Logic.Same(a, b) == true ? a
        : IsPart(a) || IsPart(b) ? new ChoiceValue([a, b])
        : Value.Unknown;

    private static bool IsPart(Value value) => value is ModuleValue or ParameterValue or ChoiceValue;

    private Value Switch(SwitchExpressionSyntax choice, Scope scope, TypeReference? expected)
    {
        var value = Evaluate(choice.GoverningExpression, scope);
        foreach (var arm in choice.Arms)
        {
            var inner = new Scope(scope);
            var matches = _patterns.Match(value, arm.Pattern, inner);
            if (arm.WhenClause is { } clause)
            {
                matches = Logic.And(matches, Logic.IsTrue(Evaluate(clause.Condition, inner)));
            }

            if (matches != false)
            {
                return matches == true ? Evaluate(arm.Expression, inner, expected) : Value.Unknown;
            }
        }

        return Value.Unknown;
    }

    private Value Binary(BinaryExpressionSyntax binary, Scope scope, TypeReference? expected)
    {
        var left = Evaluate(binary.Left, scope, expected);
        var operation = binary.OperatorToken.Kind();
        if (operation == SyntaxKind.QuestionQuestionToken)
        {
            return Logic.Same(left, Value.Null) switch
            {
                true => Evaluate(binary.Right, scope, expected),
                false => left,
                null when left is ModuleValue or ParameterValue => left,
                null => Value.Unknown,
            };
        }

        var right = Evaluate(binary.Right, scope);
        return operation switch
        {
            SyntaxKind.AmpersandAmpersandToken => Value.Of(Logic.And(Logic.IsTrue(left), Logic.IsTrue(right))),
            SyntaxKind.BarBarToken => Value.Of(Logic.Or(Logic.IsTrue(left), Logic.IsTrue(right))),
            SyntaxKind.EqualsEqualsToken => Value.Of(Logic.Same(left, right)),
            SyntaxKind.ExclamationEqualsToken => Value.Of(!Logic.Same(left, right)),
            _ when Logic.Compare(operation, left, right) is { } compared => Value.Of(compared),
            _ => Logic.Compute(operation, left, right),
        };
    }

    private Value Member(MemberAccessExpressionSyntax access, Scope scope)
    {
        var name = access.Name.Identifier.Text;
        if (access.Expression is ThisExpressionSyntax)
        {
            return scope.Self?.Member(name) ?? Value.Unknown;
        }

        return (Evaluate(access.Expression, scope), name) switch
        {
            (ConfigValue config, _) => Members(config).Member(name) ?? Value.Unknown,
            (ListValue list, "Count" or "Length") => Value.Whole(list.Items.Count),
            (var value, "HasValue") => Value.Of(!Logic.Same(value, Value.Null)),
            (NumberValue or BooleanValue, "Value") and (var value, _) => value,
            _ => Value.Unknown,
        };
    }
}
