using TorchSharp;
using static TorchSharp.torch;

namespace Moesaic.Cli;

/// <summary>What a Mixture-of-Experts block is, and what will run it.</summary>
internal sealed record BlockReport(string Name, string Class, IReadOnlyList<(string Fact, string Value)> Facts)
{
    internal static BlockReport Of(string name, MoeBlock block, DeviceType device, ScalarType dtype)
    {
        var experts = block.RoutedExperts;
        var choice = experts.ChoiceFor(device, dtype);
        return new(name, block.GetType().Name,
        [
            ("experts", $"{block.Config.NumExperts}, {block.Config.TopK} per token, w13 [{string.Join(", ", experts.W13.shape)}], w2 [{string.Join(", ", experts.W2.shape)}]"),
            ("activation", experts.ActivationName),
            ("backend", $"{choice.Backend.ToString().ToLowerInvariant()}: {choice.Reason}"),
        ]);
    }
}
