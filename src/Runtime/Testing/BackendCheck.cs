using static TorchSharp.torch;

namespace Moesaic.Testing;

/// <summary>Every backend that can run a block's experts against the one that defines what is correct.</summary>
internal static class BackendCheck
{
    private const double Tolerance = 1e-5; // Of the largest number: in float32 only the order of sums differs.

    /// <summary>Checks each block at or below a module, whose parameters get random numbers.</summary>
    /// <exception cref="ModelCheckException">Two backends disagree, or only one can run.</exception>
    internal static void Run(ExplicitModule module)
    {
        using var inference = no_grad();
        RandomWeights.Fill(module, seed: 17, ScalarType.Float32, deviation: 0.2);
        foreach (var (name, block) in Blocks(module))
        {
            var before = block.RoutedExperts.Backend;
            foreach (var backend in Others(name, block.RoutedExperts))
            {
                CheckExperts(name, block, backend);
                CheckForward(name, block, backend);
            }

            block.RoutedExperts.Backend = before;
        }
    }

    private static IEnumerable<(string Name, MoeBlock Block)> Blocks(ExplicitModule module) =>
    [
        .. module is MoeBlock own ? [(own.GetType().Name, own)] : Array.Empty<(string, MoeBlock)>(),
        .. module.named_modules().Where(static named => named.module is MoeBlock).Select(static named => (named.name, (MoeBlock)named.module)),
    ];

    private static List<ExpertsBackend> Others(string name, FusedExperts experts)
    {
        var others = Enum.GetValues<ExpertsBackend>().Where(backend => backend is not (ExpertsBackend.Auto or ExpertsBackend.Eager) && CanRun(experts, backend)).ToList();
        return others.Count > 0
            ? others
            : throw new ModelCheckException($"{name}: expected a backend to compare with eager, found none: {experts.BackendReason}; test with sizes that are multiples of 8");
    }

    private static bool CanRun(FusedExperts experts, ExpertsBackend backend)
    {
        experts.Backend = backend;
        return experts.Choice.Backend == backend;
    }

    private static void CheckExperts(string name, MoeBlock block, ExpertsBackend backend)
    {
        var (experts, topK) = (block.RoutedExperts, block.Config.TopK);
        foreach (var routing in RaggedRouting.For((int)experts.W2.shape[0], topK))
        {
            using var scope = NewDisposeScope();
            var x = Hidden(routing.Tokens, experts.W2.shape[1]);
            var (ids, weights) = (routing.Ids(topK), routing.Weights(topK));
            Compare($"{name}, {routing.Name}", experts, backend, () => experts.Forward(x, ids, weights));
        }
    }

    private static void CheckForward(string name, MoeBlock block, ExpertsBackend backend)
    {
        foreach (var tokens in new[] { 1, 7, 128 })
        {
            using var scope = NewDisposeScope();
            var x = Hidden(tokens, block.RoutedExperts.W2.shape[1]).unsqueeze(0);
            Compare($"{name}.forward, {tokens} tokens", block.RoutedExperts, backend, () => block.forward(x));
        }
    }

    private static void Compare(string what, FusedExperts experts, ExpertsBackend backend, Func<Tensor> run)
    {
        experts.Backend = ExpertsBackend.Eager;
        var expected = run();
        experts.Backend = backend;
        var actual = run();
        if (!actual.shape.SequenceEqual(expected.shape))
        {
            throw new ModelCheckException($"{what}: expected [{string.Join(", ", expected.shape)}] from {backend}, got [{string.Join(", ", actual.shape)}]");
        }

        if (expected.numel() == 0)
        {
            return;
        }

        var scale = Math.Max(expected.abs().max().item<float>(), 1e-6f);
        var error = (actual - expected).abs().max().item<float>() / scale;
        if (!(error <= Tolerance))
        {
            throw new ModelCheckException($"{what}: {backend} differs from Eager by {error:G3} of the largest number, more than {Tolerance:G3}");
        }
    }

    // [T, D]
    private static Tensor Hidden(long tokens, long width)
    {
        using var generator = new Generator(29, CPU);
        return randn([tokens, width], dtype: float32, generator: generator);
    }
}
