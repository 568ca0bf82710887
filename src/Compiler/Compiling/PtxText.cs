using System.Globalization;
using System.Text.RegularExpressions;

namespace Moesaic.Kernels;

/// <summary>What ILGPU 1.5.3 writes, made into what we mean.</summary>
internal static partial class PtxText
{
    /// <summary>A kernel's parameter of type long whose name begins so is a CUtensorMap of 128 bytes, passed by value.</summary>
    internal const string TensorMapPrefix = "tensorMap";

    internal static string Mend(string ptx, KernelTarget target)
    {
        ptx = ptx.ReplaceLineEndings("\n");

        // Each intrinsic leaves the body that the CPU accelerator would run, which nothing calls.
        ptx = Declaration().Replace(ptx, "");
        ptx = Body().Replace(ptx, "");

        // ILGPU names the lowest architecture that has what it knows of, never ours.
        ptx = Target().Replace(ptx, $".target {target.Architecture}");
        ptx = Version().Replace(ptx, $".version {target.PtxVersion}");

        // It takes the result of every call for the same in all threads, those of our intrinsics too. A branch on
        // such a value, marked uniform, would be undefined behaviour.
        ptx = UniformBranch().Replace(ptx, "$1").Replace("brx.idx.uni", "brx.idx", StringComparison.Ordinal);

        // Accumulators that stay in place turn a loop's moves into moves to themselves.
        ptx = SelfMove().Replace(ptx, "");

        ptx = TensorMapParameter().Replace(ptx, ".param .align 64 .b8 $1[128]");
        ptx = TensorMapLoad().Replace(ptx, "{ .reg .b64 map; mov.b64 map, $2; cvta.param.u64 $1, map; }");

        // It asks for flushed denormals everywhere, which this instruction does not know.
        ptx = ptx.Replace("tanh.approx.ftz.f32", "tanh.approx.f32", StringComparison.Ordinal).Replace("tanh.ftz", "tanh", StringComparison.Ordinal);

        // 1024 bytes: what the tensor copy engine's 128-byte swizzle counts from.
        return Renumber(ptx.Replace(".extern .shared .align 4 .b8", ".extern .shared .align 1024 .b8", StringComparison.Ordinal));
    }

    /// <summary>It numbers labels and parameters from a counter of the process: the same kernel is to give the same text.</summary>
    private static string Renumber(string ptx)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        ptx = Label().Replace(ptx, match =>
        {
            if (!labels.TryGetValue(match.Value, out var label))
            {
                labels.Add(match.Value, label = string.Create(CultureInfo.InvariantCulture, $"L_{labels.Count}"));
            }

            return label;
        });
        return NumberedParameter().Replace(ptx, "$1");
    }

    [GeneratedRegex(@"\.visible \.func[^;{]*?\n\)\n;\n", RegexOptions.Singleline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\.visible \.func.*?\n\}\n", RegexOptions.Singleline)]
    private static partial Regex Body();

    [GeneratedRegex(@"\bL_\d+\b")]
    private static partial Regex Label();

    // All parameters of a kernel have other names in C#.
    [GeneratedRegex(@"(?<![\w%])(_[A-Za-z]\w*?)_\d+\b")]
    private static partial Regex NumberedParameter();

    [GeneratedRegex(@"\.target sm_\w+")]
    private static partial Regex Target();

    [GeneratedRegex(@"\.version \d+\.\d+")]
    private static partial Regex Version();

    [GeneratedRegex(@"(@!?%p\d+ bra)\.uni")]
    private static partial Regex UniformBranch();

    [GeneratedRegex(@"\tmov\.\w+\t(%\w+), \1;\n")]
    private static partial Regex SelfMove();

    [GeneratedRegex($@"\.param \.b64 (_{TensorMapPrefix}\w+)")]
    private static partial Regex TensorMapParameter();

    [GeneratedRegex($@"ld\.param\.b64\t(%rd\d+), \[(_{TensorMapPrefix}\w+)\];")]
    private static partial Regex TensorMapLoad();
}
