using System.Globalization;
using Moesaic.Checkpoints;
using static TorchSharp.torch;

namespace Moesaic.Benchmarks.Loading;

/// <summary>Peak resident memory of loading a synthetic Mixtral checkpoint, which is written first.</summary>
internal static class MemoryBenchmark
{
    private const int Hidden = 1024;
    private const int Intermediate = 3584;
    private const int Experts = 8;
    private const int Vocabulary = 32000;
    private const int Heads = 16;

    internal static int Run(double gigabytes, string dtype)
    {
        var directory = Directory.CreateTempSubdirectory("moesaic-loading-").FullName;
        try
        {
            var layers = LayersFor(gigabytes);
            Write(directory, layers);
            var size = new FileInfo(Path.Combine(directory, "model.safetensors")).Length / 1048576.0;
            var figures = Child.Start("load", directory, dtype).Output.Split(' ');
            var peak = double.Parse(figures[1], CultureInfo.InvariantCulture);
            var model = dtype == "float32" ? 2 * size : size;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"checkpoint {size:F0} MB bfloat16, {layers} layers; loaded as {dtype}: {double.Parse(figures[0], CultureInfo.InvariantCulture):F1} s, peak {peak:F0} MB = {peak / model:F2} x the model ({model:F0} MB); bound 1.25 x + 500 MB = {(1.25 * model) + 500:F0} MB"));
            return peak <= (1.25 * model) + 500 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static int LayersFor(double gigabytes)
    {
        var layer = 2.0 * ((4.0 * Hidden * Hidden) + (3.0 * Experts * Hidden * Intermediate));
        return (int)Math.Ceiling(gigabytes * 1e9 / layer);
    }

    private static void Write(string directory, int layers)
    {
        File.WriteAllText(Path.Combine(directory, "config.json"), $$"""
            {
              "architectures": ["MixtralForCausalLM"], "model_type": "mixtral", "vocab_size": {{Vocabulary}}, "hidden_size": {{Hidden}},
              "intermediate_size": {{Intermediate}}, "num_hidden_layers": {{layers}}, "num_attention_heads": {{Heads}},
              "num_key_value_heads": {{Heads}}, "num_local_experts": {{Experts}}, "num_experts_per_tok": 2, "rms_norm_eps": 1e-5,
              "rope_theta": 1e6, "max_position_embeddings": 4096, "tie_word_embeddings": false
            }
            """);
        var tensors = Names(layers).Select(entry => (entry.Name, bfloat16, entry.Shape)).ToArray();
        using var writer = new SafetensorsWriter(Path.Combine(directory, "model.safetensors"), tensors);
        foreach (var (_, _, shape) in tensors)
        {
            using var values = randn(shape, dtype: bfloat16);
            writer.Write(values);
        }

        writer.Complete();
    }

    private static IEnumerable<(string Name, long[] Shape)> Names(int layers)
    {
        yield return ("model.embed_tokens.weight", [Vocabulary, Hidden]);
        yield return ("model.norm.weight", [Hidden]);
        yield return ("lm_head.weight", [Vocabulary, Hidden]);
        for (var layer = 0; layer < layers; layer++)
        {
            var prefix = $"model.layers.{layer}";
            yield return ($"{prefix}.input_layernorm.weight", [Hidden]);
            yield return ($"{prefix}.post_attention_layernorm.weight", [Hidden]);
            foreach (var projection in (string[])["q_proj", "k_proj", "v_proj", "o_proj"])
            {
                yield return ($"{prefix}.self_attn.{projection}.weight", [Hidden, Hidden]);
            }

            yield return ($"{prefix}.block_sparse_moe.gate.weight", [Experts, Hidden]);
            for (var expert = 0; expert < Experts; expert++)
            {
                yield return ($"{prefix}.block_sparse_moe.experts.{expert}.w1.weight", [Intermediate, Hidden]);
                yield return ($"{prefix}.block_sparse_moe.experts.{expert}.w2.weight", [Hidden, Intermediate]);
                yield return ($"{prefix}.block_sparse_moe.experts.{expert}.w3.weight", [Intermediate, Hidden]);
            }
        }
    }
}
