using Moesaic.Checkpoints;
using Moesaic.Generation;
using static TorchSharp.torch;

namespace Moesaic.Verification;

/// <summary>What a reference implementation computed: expected.safetensors.</summary>
public sealed class ReferenceOutputs : IDisposable
{
    private ReferenceOutputs(Tensor inputIds, Tensor logits, int[] greedyIds, IReadOnlyList<Tensor> hiddenStates)
    {
        InputIds = inputIds;
        Logits = logits;
        GreedyIds = greedyIds;
        HiddenStates = hiddenStates;
    }

    /// <summary>[B, T] int64.</summary>
    public Tensor InputIds { get; }

    /// <summary>[B, T, V] float32.</summary>
    public Tensor Logits { get; }

    /// <summary>The greedy continuation of row 0.</summary>
    public int[] GreedyIds { get; }

    /// <summary>The residual stream before each layer, [B, T, D], and after the final norm; empty where the file has none.</summary>
    public IReadOnlyList<Tensor> HiddenStates { get; }

    /// <summary>Reads the file.</summary>
    /// <exception cref="CheckpointException">It is missing or malformed, lacks a tensor, or its shapes do not fit the model.</exception>
    public static ReferenceOutputs Load(string path, CausalLm network)
    {
        using var file = SafetensorsFile.Open(path);
        using var scope = NewDisposeScope();
        var inputIds = Read(file, "input_ids", 2).to(int64);
        var logits = Read(file, "logits", 3).to(float32);
        var greedy = Read(file, "greedy_ids", 1).to(int64).data<long>().Select(id => (int)id).ToArray();
        long[] fitting = [inputIds.shape[0], inputIds.shape[1], network.DecoderConfig.VocabSize];
        if (!logits.shape.SequenceEqual(fitting))
        {
            throw CheckpointException.Of(
                path, "logits", $"[{string.Join(", ", fitting)}] for these input_ids and the model's vocabulary", $"[{string.Join(", ", logits.shape)}]", "is it this model's file?");
        }

        var hidden = new List<Tensor>();
        while (file.Tensors.Any(tensor => tensor.Name == $"hidden_states.{hidden.Count}"))
        {
            hidden.Add(Read(file, $"hidden_states.{hidden.Count}", 3).to(float32).DetachFromDisposeScope());
        }

        return new(inputIds.DetachFromDisposeScope(), logits.DetachFromDisposeScope(), greedy, hidden);
    }

    /// <summary>What a network computes now, for comparison with what it computes otherwise.</summary>
    /// <param name="network">The network, with the backend that is to be the reference.</param>
    /// <param name="inputIds">[B, T] int64, without padding.</param>
    /// <param name="greedyTokens">Tokens of the continuation of row 0.</param>
    public static ReferenceOutputs Of(CausalLm network, Tensor inputIds, int greedyTokens)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var hidden = new List<Tensor>();
        using var context = new AttentionContext(inputIds.shape[0], inputIds.shape[1], network.Device)
        {
            HiddenStates = (_, states) => hidden.Add(states.to(float32).cpu().DetachFromDisposeScope()),
        };
        var logits = network.forward(inputIds.to(network.Device), context).to(float32).cpu();
        var prompt = inputIds.cpu().select(0, 0).data<long>().Select(id => (int)id).ToArray();
        var greedy = new TextGenerator(network).Generate(prompt, new() { MaxTokens = greedyTokens }).ToArray();
        return new(inputIds.cpu().clone().DetachFromDisposeScope(), logits.DetachFromDisposeScope(), greedy, hidden);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        InputIds.Dispose();
        Logits.Dispose();
        foreach (var hidden in HiddenStates)
        {
            hidden.Dispose();
        }
    }

    /// <summary>A copy of the tensor, which outlives the mapped file.</summary>
    private static Tensor Read(SafetensorsFile file, string name, int rank)
    {
        var entry = file.Tensors.FirstOrDefault(tensor => tensor.Name == name)
            ?? throw CheckpointException.Of(
                file.Path, $"a tensor {name}", string.Join(", ", file.Tensors.Select(tensor => tensor.Name)), "is it a file of expected values?");
        if (entry.Shape.Count != rank)
        {
            throw CheckpointException.Of(file.Path, name, $"{rank} dimensions", $"[{string.Join(", ", entry.Shape)}]", "is it a file of expected values?");
        }

        using var mapped = entry.ToTensor();
        return mapped.clone();
    }
}
