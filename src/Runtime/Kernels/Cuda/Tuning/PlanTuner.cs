using System.Diagnostics;
using System.Globalization;

namespace Moesaic.Kernels;

/// <summary>The fastest of the plans that the cost model thinks near: measured once for calls of about one size, and kept on disk.</summary>
/// <remarks>
/// A measurement is a few runs of each plan on the call that asked, whose result is computed anew each time. It decides nothing
/// else: any of the plans is right. <c>MOESAIC_CUDA_PLANS=model</c> leaves it out.
/// </remarks>
/// <param name="file">What is known already, and where new knowledge goes.</param>
internal sealed class PlanTuner(PlanFile file)
{
    private readonly Dictionary<PlanKey, LayerPlan> _chosen = [];
    private readonly Lazy<IReadOnlyDictionary<string, string>> _known = new(file.Read);

    /// <summary>Whether anything is measured at all.</summary>
    internal static bool IsWanted { get; } = Environment.GetEnvironmentVariable("MOESAIC_CUDA_PLANS") != "model";

    /// <summary>The plan that calls of this kind have got before; null where there was none.</summary>
    internal LayerPlan? Find(in PlanKey key) => _chosen.GetValueOrDefault(key);

    /// <summary>The plan for a call. Not for several threads at once.</summary>
    /// <param name="key">Of the call.</param>
    /// <param name="near">The plans, the cost model's choice first.</param>
    /// <param name="time">Runs a plan and says how long it took, in ms; null where nothing can be measured now.</param>
    internal LayerPlan Choose(in PlanKey key, Func<IReadOnlyList<LayerPlan>> near, Func<LayerPlan, double>? time)
    {
        if (Find(key) is { } chosen)
        {
            return chosen;
        }

        var plans = near();
        var name = key.ToString();
        if (_known.Value.TryGetValue(name, out var known) && plans.FirstOrDefault(plan => plan.ToString() == known) is { } before)
        {
            return Keep(key, before, $"measured before, {file.Path}");
        }

        if (plans.Count == 1)
        {
            return Keep(key, plans[0], "the only one");
        }

        if (time is null)
        {
            return plans[0];
        }

        var times = plans.Select(time).ToArray();
        var best = Array.IndexOf(times, times.Min());
        file.Add(name, plans[best].ToString()!);
        return Keep(key, plans[best], string.Join("; ", plans.Zip(times, static (plan, ms) => string.Create(CultureInfo.InvariantCulture, $"{plan}: {ms:F4} ms"))));
    }

    private LayerPlan Keep(in PlanKey key, LayerPlan plan, string reason)
    {
        _chosen.Add(key, plan);
        ExpertsTrace.Source.TraceEvent(TraceEventType.Information, 0, "experts {0}: {1}: {2}", key, plan, reason);
        return plan;
    }
}
