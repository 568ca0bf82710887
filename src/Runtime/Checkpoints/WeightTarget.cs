namespace Moesaic.Checkpoints;

/// <summary>A parameter that checkpoint tensors fill, and which of them fills which part.</summary>
internal sealed class WeightTarget(ParameterRegistration registration, string name, string checkpointName)
{
    private const int Halves = 2;

    // The writer of each half of each expert, or of the whole where no rule names experts: regions are no finer.
    private string?[,] _writers = new string?[1, Halves];

    internal ParameterRegistration Registration { get; } = registration;

    /// <summary>Its registered name, from the model down.</summary>
    internal string Name { get; } = name;

    /// <summary>The name of the tensor that fills it if no rule does.</summary>
    internal string CheckpointName { get; } = checkpointName;

    /// <summary>All of it, of which a rank may have a part.</summary>
    internal long[] Shape { get; } = registration.WholeShape;

    /// <summary>The part that this rank has; null for all of it.</summary>
    internal ParameterCut? Cut => Registration.Cut;

    internal bool HasRules { get; private set; }

    /// <summary>Says that rules fill it.</summary>
    /// <param name="byExpert">One of them has a tensor for each index of the first dimension.</param>
    internal void FillByRules(bool byExpert)
    {
        HasRules = true;
        if (byExpert && _writers.GetLength(0) != Shape[0])
        {
            _writers = new string?[Shape[0], Halves];
        }
    }

    /// <summary>Enters a tensor as the writer of a region; the one that has it already, or null.</summary>
    internal string? Claim(WeightRegion region, string tensor)
    {
        var (first, last) = region.Expert is { } index ? (index, index) : (0, _writers.GetLength(0) - 1);
        var (top, bottom) = (region.Slice == WeightSlice.SecondHalf ? 1 : 0, region.Slice == WeightSlice.FirstHalf ? 0 : 1);
        string? other = null;
        for (var expert = first; expert <= last; expert++)
        {
            for (var half = top; half <= bottom; half++)
            {
                other ??= _writers[expert, half];
                _writers[expert, half] = tensor;
            }
        }

        return other;
    }

    /// <summary>A part that no tensor fills, in words; null where there is none.</summary>
    internal string? Unfilled()
    {
        for (var expert = 0; expert < _writers.GetLength(0); expert++)
        {
            for (var half = 0; half < Halves; half++)
            {
                if (_writers[expert, half] is null)
                {
                    return $"the {(half == 0 ? "first" : "second")} half of its rows";
                }
            }
        }

        return null;
    }
}
