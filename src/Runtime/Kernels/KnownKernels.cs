namespace Moesaic;

/// <summary>Every kernel, and the one place that chooses between them.</summary>
internal static class KnownKernels
{
    /// <summary>Best first. The last one refuses nothing.</summary>
    private static readonly ExpertsKernel[] All = [new GroupedExperts(), new EagerExperts()];

    internal static ExpertsKernel Of(ExpertsBackend backend) => All.Single(kernel => kernel.Backend == backend);

    /// <summary>The wanted kernel where it can run, else the best of those that can; the reason names who refused, and why.</summary>
    internal static BackendChoice Choose(ExpertsBackend wanted, in BackendFacts facts)
    {
        var refusals = new List<string>();
        foreach (var kernel in All.OrderBy(kernel => kernel.Backend != wanted))
        {
            if (kernel.Refusal(facts) is { } refusal)
            {
                refusals.Add($"{Name(kernel)} cannot: {refusal}");
                continue;
            }

            var why = kernel.Backend == wanted ? "as asked" : kernel.Merit;
            return new(kernel.Backend, string.Join("; ", [$"{Name(kernel)}, {why}", .. refusals]));
        }

        throw new InvalidOperationException("the last kernel refuses nothing");
    }

    private static string Name(ExpertsKernel kernel) => kernel.Backend.ToString().ToLowerInvariant();
}
