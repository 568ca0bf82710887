namespace Moesaic.Generators.Checkpoints;

/// <summary>What a tensor of another shape than declared may be.</summary>
internal static class ShapeAdvice
{
    public static string For(IReadOnlyList<long?> expected, IReadOnlyList<long> found)
    {
        var rank = found.Count;
        if (expected.Count != rank)
        {
            return (expected.Count, rank) switch
            {
                (2, 3) => "it is stacked; declare `Layout = ExpertLayout.Stacked`",
                (3, 2) => "its experts lie below each other; declare `Layout = ExpertLayout.Flat`",
                _ => "correct the declaration",
            };
        }

        if (rank >= 2 && Is(expected[rank - 1], found[rank - 2]) && Is(expected[rank - 2], found[rank - 1]))
        {
            return "it is transposed, or declared so and is not; correct `Transposed`";
        }

        if (rank >= 2 && expected.Zip(found, static (e, f) => e is { } size && f == 2 * size).Any(static twice => twice))
        {
            return "it holds gate and up together; declare `GateUp`";
        }

        return "correct the declaration, or check that config.json belongs to the checkpoint";
    }

    private static bool Is(long? expected, long found) => expected is null || expected == found;
}
