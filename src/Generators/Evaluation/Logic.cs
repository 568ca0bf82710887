using Microsoft.CodeAnalysis.CSharp;

namespace Moesaic.Generators.Evaluation;

/// <summary>Operators on values, some of which are not decided.</summary>
internal static class Logic
{
    public static bool? And(bool? a, bool? b) => a == false || b == false ? false : a is null || b is null ? null : true;

    public static bool? Or(bool? a, bool? b) => !And(!a, !b);

    public static bool? IsTrue(Value value) => value is BooleanValue known ? known.Boolean : null;

    public static bool? Same(Value a, Value b) => (a, b) switch
    {
        _ when a == Value.Unknown || b == Value.Unknown => null,
        (ChoiceValue, _) or (_, ChoiceValue) => null,
        (NumberValue x, NumberValue y) => x.Number.Equals(y.Number),
        _ when a == Value.Null || b == Value.Null => a == b,
        (BooleanValue or TextValue, _) => a.Equals(b),
        _ => null,
    };

    public static bool? Compare(SyntaxKind relation, Value a, Value b) => (a, b) is not (NumberValue x, NumberValue y) ? null : relation switch
    {
        SyntaxKind.LessThanToken => x.Number < y.Number,
        SyntaxKind.LessThanEqualsToken => x.Number <= y.Number,
        SyntaxKind.GreaterThanToken => x.Number > y.Number,
        SyntaxKind.GreaterThanEqualsToken => x.Number >= y.Number,
        _ => null,
    };

    public static Value Compute(SyntaxKind operation, Value a, Value b)
    {
        if ((a, b) is not (NumberValue x, NumberValue y))
        {
            return (operation, a, b) is (SyntaxKind.PlusToken, TextValue s, TextValue t) ? new TextValue(s.Text + t.Text) : Value.Unknown;
        }

        var whole = x.IsWhole && y.IsWhole;
        return operation switch
        {
            SyntaxKind.PlusToken => new NumberValue(x.Number + y.Number, whole),
            SyntaxKind.MinusToken => new NumberValue(x.Number - y.Number, whole),
            SyntaxKind.AsteriskToken => new NumberValue(x.Number * y.Number, whole),
            SyntaxKind.SlashToken when whole && y.Number == 0 => Value.Unknown,
            SyntaxKind.SlashToken => new NumberValue(whole ? Math.Truncate(x.Number / y.Number) : x.Number / y.Number, whole),
            SyntaxKind.PercentToken when y.Number != 0 => new NumberValue(x.Number % y.Number, whole),
            _ => Value.Unknown,
        };
    }
}
