using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>y = x Wᵀ + b. Weight [out, in], bias [out].</summary>
public sealed class Linear : ExplicitModule
{
    private readonly ScalarType? _dtype;

    /// <summary>A linear layer without values.</summary>
    /// <param name="dtype">The dtype it keeps and computes in, whatever the model's is; its input is cast. Null for the model's.</param>
    public Linear(int inFeatures, int outFeatures, bool bias = false, ScalarType? dtype = null)
        : this(NewParameter(outFeatures, inFeatures), bias ? NewParameter(outFeatures) : null, dtype)
    {
    }

    private Linear(Parameter weight, Parameter? bias, ScalarType? dtype)
    {
        Weight = weight;
        Bias = bias;
        _dtype = dtype;
        Register("weight", Weight, value => Weight = value, dtype: dtype);
        Register("bias", Bias, value => Bias = value, dtype: dtype);
    }

    /// <summary>[out, in].</summary>
    public Parameter Weight { get; private set; }

    /// <summary>[out], or null.</summary>
    public Parameter? Bias { get; private set; }

    /// <summary>[…, in] to […, out].</summary>
    public override Tensor forward(Tensor x)
    {
        if (_dtype is not { } dtype || x.dtype == dtype)
        {
            return nn.functional.linear(x, Weight, Bias);
        }

        using var cast = x.to(dtype);
        return nn.functional.linear(cast, Weight, Bias);
    }
}
