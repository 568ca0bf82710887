namespace Moesaic.Checkpoints;

/// <summary>Collects what is wrong between a model and a checkpoint, and tells it in one line.</summary>
/// <param name="file">What messages call the checkpoint.</param>
internal sealed class WeightProblems(string file)
{
    private const int MostNames = 5;

    private readonly List<Problem> _problems = [];

    internal void Add(WeightProblemKind kind, string subject, string expected, string found, string advice) =>
        _problems.Add(new(kind, subject, expected, found, advice));

    /// <exception cref="CheckpointException">There was a problem.</exception>
    internal void ThrowIfAny()
    {
        if (_problems.Count == 0)
        {
            return;
        }

        var kind = _problems.Min(problem => problem.Kind);
        var same = _problems.Where(problem => problem.Kind == kind).ToList();
        var (_, subject, expected, found, advice) = same[0];
        var others = same.Count > 1 ? $" (and {same.Count - 1} more such: {List(same.Skip(1))})" : "";
        throw CheckpointException.Of(file, subject, expected, found + others, advice + Unclaimed(kind));
    }

    private static string List(IEnumerable<Problem> problems)
    {
        var names = problems.Select(problem => CheckpointException.Printable(problem.Subject)).Take(MostNames + 1).ToList();
        return string.Join(", ", names.Count > MostNames ? [.. names[..MostNames], "…"] : names);
    }

    /// <summary>A missing tensor is often there under another name: what nobody claims says which.</summary>
    private string Unclaimed(WeightProblemKind kind)
    {
        var unclaimed = _problems.Where(problem => problem.Kind == WeightProblemKind.Unclaimed).ToList();
        return kind == WeightProblemKind.Missing && unclaimed.Count > 0 ? $"; {unclaimed.Count} tensors nobody claims: {List(unclaimed)}" : "";
    }

    private sealed record Problem(WeightProblemKind Kind, string Subject, string Expected, string Found, string Advice);
}
