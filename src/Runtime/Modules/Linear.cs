using Moesaic.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>y = x Wᵀ + b. Weight [out, in], bias [out].</summary>
public sealed class Linear : ExplicitModule
{
    private readonly ScalarType? _dtype;
    private ParallelContext? _sum; // Of its ranks' shares, where inputs are cut.

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

    /// <summary>[…, in] to […, out]; to this rank's outputs where those are cut.</summary>
    public override Tensor forward(Tensor x) => _sum is null ? Compute(x) : new Partial(Compute(x), _sum.Tensor).Reduce().Value;

    /// <summary>This rank's share of the outputs, where inputs are cut.</summary>
    internal Tensor Share(Tensor x) => Compute(x);

    /// <summary>Keeps a stretch of the outputs: each rank computes its own.</summary>
    internal void CutOutputs(ParameterCut cut)
    {
        Cut(Weight, cut);
        Cut(Bias, cut);
    }

    /// <summary>Keeps a stretch of the inputs: each rank computes a share of all outputs, and the first of them adds the bias.</summary>
    internal void CutInputs(ParallelContext context, long start, long length)
    {
        _sum = context;
        Cut(Weight, new(Dimension: 1, Start: start, Length: length));
        Cut(Bias, new() { IsZero = context.TensorRank > 0 });
    }

    private Tensor Compute(Tensor x)
    {
        if (_dtype is not { } dtype || x.dtype == dtype)
        {
            return SmallBatch.Linear(x, Weight, Bias) ?? nn.functional.linear(x, Weight, Bias);
        }

        using var cast = x.to(dtype);
        return nn.functional.linear(cast, Weight, Bias);
    }
}
