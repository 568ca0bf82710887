using static TorchSharp.torch;

namespace Moesaic;

/// <summary>A <see cref="GatedMlp"/> whose checkpoint keeps gate and up as one projection, gate rows first.</summary>
public sealed class PackedGatedMlp : ExplicitModule
{
    /// <summary>An MLP without values.</summary>
    /// <param name="inputName">Name of gate and up together.</param>
    /// <param name="outputName">Name of down.</param>
    public PackedGatedMlp(int hiddenSize, int intermediateSize, string inputName, string outputName)
    {
        Input = new(hiddenSize, 2 * intermediateSize);
        Output = new(intermediateSize, hiddenSize);
        Register(inputName, Input);
        Register(outputName, Output);
    }

    /// <summary>[2F, D].</summary>
    public Linear Input { get; }

    /// <summary>[D, F].</summary>
    public Linear Output { get; }

    internal override void Parallelize(ParallelContext context, string path)
    {
        var (start, length) = context.Share(Output.Weight.shape[1], path, "intermediate size");
        if (context.Layout.Tensor > 1)
        {
            Input.CutOutputs(new(Dimension: 0, Start: start, Length: length, Halves: true));
            Output.CutInputs(context, start, length);
        }
    }

    /// <summary>[…, D] to […, D].</summary>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var halves = Input.forward(x).chunk(2, -1); // […, F] each
        return Output.forward(nn.functional.silu(halves[0]) * halves[1]).MoveToOuterDisposeScope();
    }
}
