using Moesaic.Kernels;

namespace Moesaic.Benchmarks.Experts;

/// <summary>The experts of a published model.</summary>
internal sealed record Preset(string Name, ExpertSizes Sizes, WeightFormat Format = WeightFormat.BFloat16)
{
    internal static readonly Preset[] All =
    [
        new("mixtral-8x7b", new(4096, 14336, 8, 2)),
        new("qwen3-30b-a3b", new(2048, 768, 128, 8)),
        new("gpt-oss-20b", new(2880, 2880, 32, 4)),
        new("olmoe-1b-7b", new(2048, 1024, 64, 8)),
        new("deepseek-v3", new(7168, 2048, 256, 8)),
    ];

    /// <summary><c>deepseek-v3</c>, or <c>deepseek-v3:e4m3</c> for weights of another format than bfloat16.</summary>
    internal static Preset Find(string name)
    {
        var format = WeightFormat.BFloat16;
        if (name.Split(':') is [var first, var second] && Enum.TryParse(second, ignoreCase: true, out format))
        {
            name = first;
        }

        var found = All.FirstOrDefault(preset => preset.Name == name) ?? throw new ArgumentException($"preset {name}: expected one of {string.Join(", ", All.Select(static preset => preset.Name))}");
        return found with { Name = format == WeightFormat.BFloat16 ? name : $"{name} {format}", Format = format };
    }
}
