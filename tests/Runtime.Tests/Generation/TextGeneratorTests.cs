using Moesaic.Generation;
using Moesaic.Runtime.Tests.Modules;
using static TorchSharp.torch;

namespace Moesaic.Runtime.Tests.Generation;

public sealed class TextGeneratorTests
{
    private static readonly int[] Prompt = [3, 14, 15];

    [Fact]
    public void Continuation_EqualsWholePassesWithoutACache()
    {
        using var scope = NewDisposeScope();
        using var model = TinyDecoder.Random();
        List<int> ids = [.. Prompt];
        for (var i = 0; i < 10; i++)
        {
            var logits = model.forward(tensor(ids.Select(id => (long)id).ToArray()).unsqueeze(0));
            ids.Add((int)logits.select(1, ids.Count - 1).argmax().item<long>());
        }

        Assert.Equal(ids[3..], new TextGenerator(model).Generate(Prompt, new() { MaxTokens = 10 }));
    }

    [Fact]
    public void StopId_EndsTheTextAndIsNotPartOfIt()
    {
        using var model = TinyDecoder.Random();
        var generator = new TextGenerator(model);
        var free = generator.Generate(Prompt, new() { MaxTokens = 8 }).ToArray();
        var stop = free[5];

        var stopped = generator.Generate(Prompt, new() { MaxTokens = 8, StopIds = new HashSet<int> { stop } });

        Assert.Equal(free.TakeWhile(id => id != stop), stopped);
    }

    [Fact]
    public void FullContext_EndsTheText()
    {
        using var model = TinyDecoder.Random(new() { MaxPositionEmbeddings = 8 });
        Assert.Equal(6, new TextGenerator(model).Generate(Prompt, new() { MaxTokens = 100 }).Count());
    }

    [Fact]
    public void UnusablePrompts_AreRefused()
    {
        using var model = TinyDecoder.Random(new() { MaxPositionEmbeddings = 8 });
        Refused(model, [], "no tokens");
        Refused(model, [50], "50");
        Refused(model, [-1], "-1");
        Refused(model, Enumerable.Repeat(1, 9), "max_position_embeddings");
    }

    [Fact]
    public void Cancellation_Ends()
    {
        using var model = TinyDecoder.Random();
        using var cancellation = new CancellationTokenSource();
        var tokens = new TextGenerator(model).Generate(Prompt, new() { MaxTokens = 50 }, cancellation.Token).GetEnumerator();
        Assert.True(tokens.MoveNext());
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => tokens.MoveNext());
    }

    [Fact]
    public void AnAbandonedText_LeavesNothing()
    {
        using var model = TinyDecoder.Random();
        using var tensors = new NewTensors();
        Assert.Equal(3, new TextGenerator(model).Generate(Prompt, new() { MaxTokens = 50 }).Take(3).Count());
        Assert.Equal(0, tensors.Count);
    }

    private static void Refused(TinyDecoder model, IEnumerable<int> prompt, string word)
    {
        var error = Assert.Throws<GenerationException>(() => new TextGenerator(model).Generate([.. prompt], new()));
        Assert.Contains(word, error.Message);
    }
}
