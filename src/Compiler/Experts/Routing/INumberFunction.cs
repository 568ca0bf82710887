namespace Moesaic.Kernels;

/// <summary>A function of a number, as a struct that holds what else it depends on.</summary>
internal interface INumberFunction
{
    float Of(float number);
}

/// <summary>c · tanh(x / c). By exponentials: the instruction for it has 11 bits.</summary>
internal readonly struct Softcapped(float bound) : INumberFunction
{
    private readonly float _bound = bound;

    public float Of(float number) => _bound * (1f - (2f / (1f + MathF.Exp(2f * number / _bound))));
}

/// <summary>exp(x - max).</summary>
internal readonly struct ExponentialBelow(float max) : INumberFunction
{
    private readonly float _max = max;

    public float Of(float number) => MathF.Exp(number - _max);
}

/// <summary>x / sum.</summary>
internal readonly struct PartOf(float sum) : INumberFunction
{
    private readonly float _sum = sum;

    public float Of(float number) => number / _sum;
}

/// <summary>1 / (1 + exp(-x)).</summary>
internal readonly struct Sigmoid : INumberFunction
{
    public float Of(float number) => 1f / (1f + MathF.Exp(-number));
}
