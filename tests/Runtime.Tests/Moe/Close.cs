namespace Moesaic.Tests.Moe;

/// <summary>Numbers that agree, relative to the largest of them.</summary>
internal static class Close
{
    internal static void Assert(double[,] expected, double[,] actual, double tolerance)
    {
        Xunit.Assert.Equal(expected.GetLength(0), actual.GetLength(0));
        Xunit.Assert.Equal(expected.GetLength(1), actual.GetLength(1));
        var scale = expected.Cast<double>().Select(Math.Abs).DefaultIfEmpty(1).Max();
        for (var i = 0; i < expected.GetLength(0); i++)
        {
            for (var j = 0; j < expected.GetLength(1); j++)
            {
                Xunit.Assert.True(
                    Math.Abs(expected[i, j] - actual[i, j]) <= tolerance * scale,
                    $"[{i}, {j}]: expected {expected[i, j]:G9}, got {actual[i, j]:G9} (scale {scale:G3}, tolerance {tolerance:G3})");
            }
        }
    }
}
