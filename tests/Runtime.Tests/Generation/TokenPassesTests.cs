using Moesaic.Generation;
using Moesaic.Runtime.Tests.Modules;

namespace Moesaic.Runtime.Tests.Generation;

/// <summary>The same text in passes of fixed shapes, as a GPU records them, and in ordinary ones. Nothing around them is in inference mode.</summary>
public sealed class TokenPassesTests
{
    private static readonly int[] Prompt = [3, 14, 15, 9, 26];

    public static TheoryData<double, int> Cases => new() { { 0, 40 }, { 0.9, 40 }, { 0, 300 } };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Steps_WriteTheSameText(double temperature, int count)
    {
        using var model = TinyDecoder.Random(new() { MaxPositionEmbeddings = 512 });
        var options = new GenerationOptions { Temperature = temperature, Seed = 5 };
        using var ordinary = new TokenPasses(model, new(options), Prompt, inSteps: false);
        using var steps = new TokenPasses(model, new(options), Prompt, inSteps: true);

        Assert.Equal(Take(ordinary, count), Take(steps, count)); // 300 outgrow the first room of 256.
    }

    [Fact]
    public void Steps_LeaveNothing()
    {
        using var model = TinyDecoder.Random();
        using var tensors = new NewTensors();
        using (var passes = new TokenPasses(model, new(new()), Prompt, inSteps: true))
        {
            Take(passes, 4);
        }

        Assert.Equal(0, tensors.Count);
    }

    private static int[] Take(TokenPasses passes, int count) => [.. Enumerable.Range(0, count).Select(_ => passes.Next())];
}
