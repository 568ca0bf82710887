using System.Runtime.InteropServices;

namespace Moesaic;

/// <summary>What numbers that make no model end in: libtorch or arithmetic refuses them, sooner or later.</summary>
internal static class Unfit
{
    /// <summary>Ten times what anybody has trained; more, from a damaged config, would be built one by one.</summary>
    internal const int MostLayers = 2000;

    /// <summary>Whether an exception says that sizes do not fit each other, and not that the program is wrong or memory is short.</summary>
    internal static bool Numbers(Exception e) =>
        e is ExternalException or ArgumentException or ArithmeticException or IndexOutOfRangeException or InvalidOperationException;

    /// <summary>The first line: libtorch's messages go on with its stack.</summary>
    internal static string FirstLine(Exception e) => e.Message.Split('\n', 2)[0].TrimEnd();
}
