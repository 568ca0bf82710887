using static TorchSharp.torch;

namespace Moesaic.Generation;

/// <summary>The passes that continue one sequence: the prompt, then token after token, recorded on a GPU where that can be.</summary>
/// <remarks>No tensor of a pass outlives it, so the caller may take its time between two tokens.</remarks>
internal sealed class TokenPasses : IDisposable
{
    private readonly CausalLm _model;
    private readonly Sampler _sampler;
    private readonly List<long> _ids;
    private readonly GenerationCache _cache = new();
    private DecodeSteps? _steps;
    private bool _isOrdinary;
    private bool _isAhead;

    /// <param name="inSteps">In passes of fixed shapes, where the model has them: on a GPU, since elsewhere a launch costs nothing.</param>
    internal TokenPasses(CausalLm model, Sampler sampler, IReadOnlyList<int> prompt, bool inSteps)
    {
        (_model, _sampler, _isOrdinary) = (model, sampler, !inSteps);
        _ids = [.. prompt.Select(static id => (long)id)];
    }

    /// <summary>One pass, and the token that it makes next.</summary>
    /// <exception cref="GenerationException">The logits are no numbers, or the config's numbers do not fit each other.</exception>
    internal int Next()
    {
        try
        {
            var next = Pass();
            _ids.Add(next);
            return next;
        }
        catch (Exception e) when (Unfit.Numbers(e))
        {
            throw new GenerationException($"the model does not run: {Unfit.FirstLine(e)}; check that config.json belongs to this checkpoint", e);
        }
    }

    public void Dispose()
    {
        _steps?.Dispose();
        _cache.Dispose();
    }

    private int Pass()
    {
        if (_cache.Length > 0 && _steps is null && !_isOrdinary)
        {
            _steps = DecodeSteps.Begin(_model, _cache, 1, out var obstacle);
            _isOrdinary = _steps is null;
            GenerationTrace.Source.TraceInformation(obstacle is null ? "one token after the other, recorded" : $"one token after the other, not recorded: {obstacle}");
        }

        return _steps is not null ? Step(_steps)
            : _model.Parallel is not { } parallel ? OwnPass()
            : parallel.FromFirst(parallel.DataRank == 0 ? OwnPass() : IdlePass());
    }

    private int Step(DecodeSteps steps)
    {
        if (_sampler.IsGreedy)
        {
            if (!_isAhead)
            {
                steps.Feed(_ids[^1]);
                steps.Run();
                _isAhead = true;
            }

            steps.Run(); // One more than is read: the GPU does not wait for the host.
            var largest = steps.Take();
            Sampler.Check(largest[0]);
            return (int)largest[1];
        }

        steps.Feed(_ids[^1]);
        steps.Run();
        using var use = steps.Enter();
        using var logits = steps.Logits.select(0, 0);
        return _sampler.Next(logits);
    }

    /// <summary>The first data rank has the sequence; the others enter the passes with it, and learn its tokens.</summary>
    private int IdlePass()
    {
        using var inference = inference_mode();
        using var context = Context();
        _model.ForwardIdle();
        _cache.Advance(context);
        return 0;
    }

    private int OwnPass()
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        using var context = Context();
        var input = tensor(_ids.Skip((int)_cache.Length).ToArray(), dtype: int64, device: _model.Device).unsqueeze(0); // [1, T]
        var logits = _model.ForwardLast(input, context); // [1, V]
        _cache.Advance(context);
        return _sampler.Next(logits.select(0, 0));
    }

    private AttentionContext Context()
    {
        if (_model.OutgrowsCache(_cache.Length, _ids.Count))
        {
            _cache.Clear();
        }

        return new(1, _ids.Count - _cache.Length, _model.Device, _cache);
    }
}
