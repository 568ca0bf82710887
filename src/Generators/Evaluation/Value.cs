namespace Moesaic.Generators.Evaluation;

/// <summary>What an expression of a declaration comes to for one config.json.</summary>
internal abstract record Value
{
    /// <summary>Not decided here: whoever asks has to allow everything.</summary>
    public static Value Unknown { get; } = new UnknownValue();

    public static Value Null { get; } = new NullValue();

    public static Value Of(bool? value) => value is { } known ? new BooleanValue(known) : Unknown;

    public static Value Whole(double number) => new NumberValue(number, IsWhole: true);

    private sealed record UnknownValue : Value;

    private sealed record NullValue : Value;
}
