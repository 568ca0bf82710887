using Moesaic.Generation;
using static TorchSharp.torch;

namespace Moesaic.Verification;

/// <summary>How far a model is from its reference.</summary>
/// <param name="MaxAbsError">Largest difference of a logit.</param>
/// <param name="RelativeError">Norm of the differences of all logits by the norm of the logits.</param>
/// <param name="GreedyMatched">How many tokens of the greedy continuation agree before the first that does not.</param>
/// <param name="GreedyTotal">How many the reference has.</param>
/// <param name="HiddenStateErrors">Largest difference of the residual stream before each layer and after the final norm.</param>
public sealed record VerificationResult(
    double MaxAbsError, double RelativeError, int GreedyMatched, int GreedyTotal, IReadOnlyList<double> HiddenStateErrors)
{
    /// <summary>Recomputes the logits of all rows at once, and row 0's continuation token by token through the cache.</summary>
    public static VerificationResult Run(CausalLm network, ReferenceOutputs reference)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var hiddenErrors = new double[reference.HiddenStates.Count];
        var inputIds = reference.InputIds.to(network.Device);
        var rows = RowShare.Of(inputIds.shape[0], network.Parallel);
        using var context = new AttentionContext(rows.Length, inputIds.shape[1], network.Device)
        {
            HiddenStates = (index, hidden) =>
            {
                if (index < hiddenErrors.Length)
                {
                    hiddenErrors[index] = MaxAbs(hidden.to(float32).cpu() - rows.Of(reference.HiddenStates[index]));
                }
            },
        };
        var expected = rows.Of(reference.Logits);
        Tensor difference;
        if (rows.Length > 0)
        {
            difference = network.forward(rows.Of(inputIds), context).to(float32).cpu() - expected;
        }
        else
        {
            network.ForwardIdle();
            difference = expected;
        }

        var squares = rows.Sum(difference.square().sum().item<float>(), expected.square().sum().item<float>());
        var errors = rows.Largest([MaxAbs(difference), .. hiddenErrors]);
        var prompt = reference.InputIds.select(0, 0).data<long>().Select(id => (int)id).ToArray();
        var continuation = new TextGenerator(network).Generate(prompt, new() { MaxTokens = reference.GreedyIds.Length }).ToArray();
        var matched = continuation.Zip(reference.GreedyIds).TakeWhile(pair => pair.First == pair.Second).Count();
        return new(errors[0], Math.Sqrt(squares[0] / squares[1]), matched, reference.GreedyIds.Length, errors[1..]);
    }

    private static double MaxAbs(Tensor difference) => difference.numel() == 0 ? 0 : difference.abs().max().item<float>();
}
