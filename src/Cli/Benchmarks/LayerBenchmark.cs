using static TorchSharp.torch;

namespace Moesaic.Cli.Benchmarks;

/// <summary>Checks every candidate on a layer and then times them, for each number of tokens.</summary>
internal static class LayerBenchmark
{
    // As many inputs as it takes for their experts to be more than a cache holds, within reason.
    private const int Inputs = 8;

    internal static IEnumerable<LayerMeasurement> Run(Layer layer, MachineRates rates, IReadOnlyList<Candidate> candidates, IEnumerable<int> batches, double seconds)
    {
        foreach (var tokens in batches)
        {
            var errors = candidates.Select(candidate => candidate.Check(layer, tokens)).ToArray();
            var inputs = Enumerable.Range(0, Inputs).Select(_ => layer.Draw(tokens)).ToArray();
            try
            {
                using var inference = inference_mode();
                var medians = LayerTimer.Medians(layer.Device, candidates, inputs, seconds);
                var active = inputs.Average(static input => input.ActiveExperts);
                yield return new(
                    tokens,
                    active,
                    rates.Floor(layer.Shape, layer.Dtype, active, tokens),
                    [.. candidates.Select((candidate, i) => new CandidateTime(candidate.Name, medians[i] * 1e3, errors[i]))]);
            }
            finally
            {
                Array.ForEach(inputs, static input => input.Dispose());
            }
        }
    }
}
