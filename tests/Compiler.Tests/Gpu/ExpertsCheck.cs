using System.Globalization;
using static TorchSharp.torch;

namespace Moesaic.Kernels.Tests;

/// <summary>The backend 'fused' on a GPU, through the public face of experts, against the eager one in float32. Needs no test framework.</summary>
internal static class ExpertsCheck
{
    // What 16-bit operands cost; a NaN fails every comparison.
    private const double Tolerance = 1e-2;

    private static readonly Dictionary<string, Func<int, double>> Layers = new()
    {
        ["SwiGlu, streamed sizes"] = tokens => Error(new FusedExperts<SwiGlu>(8, 96, 64), tokens, topK: 2),
        ["SwiGlu, sizes for tiles"] = tokens => Error(new FusedExperts<SwiGlu>(16, 512, 256), tokens, topK: 4),
        ["SwiGlu, sizes for tiles alone"] = tokens => Error(new FusedExperts<SwiGlu>(8, 264, 136), tokens, topK: 2),
        ["ClampedSwiGlu with biases"] = tokens => Error(new FusedExperts<ClampedSwiGlu>(32, 320, 320, new(7), bias: true), tokens, topK: 4),
        ["SquaredRelu, ungated, with biases"] = tokens => Error(new FusedExperts<SquaredRelu>(8, 256, 288, bias: true), tokens, topK: 2),
        ["GeGluTanh"] = tokens => Error(new FusedExperts<GeGluTanh>(8, 256, 128), tokens, topK: 3),
        ["an author's activation"] = tokens => Error(new FusedExperts<AuthorsActivation>(8, 256, 128, new(0.5), bias: true), tokens, topK: 2),
        ["weights on the input"] = tokens => Error(new FusedExperts<SwiGlu>(8, 256, 128), tokens, topK: 2, onInput: true),
        ["routed by a rule"] = tokens => Error(new FusedExperts<SwiGlu>(64, 256, 128), tokens, topK: 6, router: new SoftmaxTopKRouter(6, normTopkProb: true)),
        ["float16"] = tokens => Error(new FusedExperts<SwiGlu>(16, 256, 128, bias: true), tokens, topK: 4, dtype: ScalarType.Float16),
        ["float16, ungated, weights on the input"] = tokens => Error(new FusedExperts<SquaredRelu>(8, 96, 64), tokens, topK: 2, onInput: true, dtype: ScalarType.Float16),
        ["many experts"] = tokens => Error(new FusedExperts<SwiGlu>(256, 256, 128), tokens, topK: 8),
        ["all to one expert"] = tokens => Error(new FusedExperts<SwiGlu>(8, 256, 128), tokens, topK: 1, oneExpert: true),
    };

    internal static IEnumerable<string> Names => Layers.Keys;

    internal static IReadOnlyList<int> Batches { get; } = [1, 2, 7, 33, 300, 40000];

    /// <summary>The relative error of a layer.</summary>
    /// <exception cref="InvalidOperationException">It is larger than 16 bits explain, two runs differ, or another backend ran.</exception>
    internal static double Run(string name, int tokens) => Layers[name](tokens);

    private static double Error(FusedExperts experts, int tokens, int topK, bool onInput = false, bool oneExpert = false, SoftmaxTopKRouter? router = null,
        ScalarType dtype = ScalarType.BFloat16)
    {
        using var owned = experts;
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        RuntimeCompilation.Enable();
        var numExperts = (int)experts.W13.size(0);
        foreach (var parameter in experts.Parameters)
        {
            var shape = parameter.Value.shape;
            experts.Replace(parameter, empty(shape, dtype: dtype, device: CUDA).normal_(0, shape.Length == 2 ? 0.5 : 1 / Math.Sqrt(shape[2])));
        }

        experts.NoteDevice(CUDA);
        var x = empty([tokens, experts.W2.size(1)], dtype, CUDA).normal_();
        var scores = rand(tokens, numExperts, ScalarType.Float32, CUDA) * linspace(0.2, 1, numExperts, ScalarType.Float32, CUDA); // Some experts get many tokens, some none.
        var (weights, choice) = scores.topk(topK, 1);
        var ids = (oneExpert ? zeros_like(choice) : choice).to(ScalarType.Int32);
        if (router is not null)
        {
            (ids, weights) = router.Value.Route(scores, null);
        }

        Tensor Forward(ExpertsBackend backend)
        {
            experts.Backend = backend;
            return experts.Choice.Backend != backend ? throw new InvalidOperationException(experts.BackendReason)
                : router is { } ruled && backend == ExpertsBackend.Fused ? experts.Forward(x, scores, null, ruled)
                : onInput ? experts.ForwardWeightedInputs(x, ids, weights)
                : experts.Forward(x, ids, weights);
        }

        full(x.shape, double.NaN, dtype, CUDA).Dispose(); // Likely the result's memory.
        var first = Forward(ExpertsBackend.Fused);
        var again = Forward(ExpertsBackend.Fused);
        foreach (var parameter in experts.Parameters)
        {
            experts.Replace(parameter, parameter.Value.to(ScalarType.Float32));
        }

        x = x.to(ScalarType.Float32);
        var expected = Forward(ExpertsBackend.Eager);
        var error = ((first.to(ScalarType.Float32) - expected).norm() / expected.norm()).item<float>();
        return !(error <= Tolerance) ? throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"relative error {error}"))
            : !first.equal(again).all().item<bool>() ? throw new InvalidOperationException("two runs differ")
            : error;
    }
}
