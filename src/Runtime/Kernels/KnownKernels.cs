using System.Collections.Concurrent;
using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>Every kernel, and the one place that chooses between them.</summary>
internal static class KnownKernels
{
    /// <summary>Best first. The last one refuses nothing.</summary>
    private static readonly ExpertsKernel[] All = [new FusedExpertsKernel(), new GroupedExperts(), new EagerExperts()];

    private static readonly ConcurrentDictionary<(ExpertsBackend Wanted, BackendFacts Facts), BackendChoice> Choices = new();

    /// <summary>The wanted kernel where it can run, else the best of those that can; the reason names who refused, and why.</summary>
    /// <remarks>Made once for the same facts, and then logged.</remarks>
    internal static BackendChoice Choose(ExpertsBackend wanted, in BackendFacts facts) =>
        Choices.GetOrAdd((wanted, facts), static key =>
        {
            var choice = ChooseNow(key.Wanted, key.Facts);
            ExpertsTrace.Source.TraceInformation($"{key.Facts}: {choice.Reason}");
            return choice;
        });

    /// <summary>Why a kernel cannot run; null where it can.</summary>
    internal static string? Refusal(ExpertsBackend backend, in BackendFacts facts) => All.Single(kernel => kernel.Backend == backend).Refusal(facts);

    /// <summary>Runs a checked call. On the meta device there is nothing to run, and no tokens need no kernel.</summary>
    internal static Tensor Run(in ExpertsCall call, BackendChoice choice) =>
        call.HiddenStates.device_type == DeviceType.META || call.HiddenStates.size(0) == 0
            ? empty_like(call.HiddenStates)
            : All.Single(kernel => kernel.Backend == choice.Backend).Run(call);

    /// <summary>Routes and runs in one, where the chosen kernel does; else null.</summary>
    internal static Tensor? RunRouted(in RoutedCall call, BackendChoice choice) =>
        call.HiddenStates.device_type == DeviceType.META || call.HiddenStates.size(0) == 0
            ? null
            : All.Single(kernel => kernel.Backend == choice.Backend).RunRouted(call);

    private static BackendChoice ChooseNow(ExpertsBackend wanted, in BackendFacts facts)
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
