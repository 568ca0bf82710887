using System.Text.Json.Nodes;
using Moesaic.Checkpoints;
using Moesaic.Configs;
using static TorchSharp.torch;

namespace Moesaic.Models.Tests;

/// <summary>Settings of the hybrid architectures that their golden cases do not have: the tensors they bring, and that they run.</summary>
public sealed class HybridVariantsTests
{
    [Theory]
    [InlineData("lfm2_moe", """{"conv_bias":true}""", "model.layers.0.conv.conv.bias", null)]
    [InlineData("lfm2_moe", """{"conv_bias":true}""", "model.layers.0.conv.in_proj.bias", null)]
    [InlineData("lfm2_moe", """{"conv_L_cache":1,"norm_topk_prob":false,"routed_scaling_factor":2.5}""", "model.layers.0.conv.conv.weight", null)]
    [InlineData("lfm2_moe", """{"use_expert_bias":false}""", "model.layers.1.feed_forward.gate.weight", "model.layers.1.feed_forward.expert_bias")]
    [InlineData("lfm2_moe", """{"num_dense_layers":0,"tie_word_embeddings":false}""", "model.layers.0.feed_forward.experts.7.w2.weight", "model.layers.0.feed_forward.w1.weight")]
    [InlineData("jamba", """{"num_experts":1}""", "model.layers.1.feed_forward.up_proj.weight", "model.layers.1.feed_forward.router.weight")]
    [InlineData("jamba", """{"mamba_dt_rank":"auto","mamba_proj_bias":true}""", "model.layers.0.mamba.out_proj.bias", null)]
    [InlineData("jamba", """{"mamba_conv_bias":false,"attn_layer_offset":0}""", "model.layers.0.self_attn.q_proj.weight", "model.layers.1.mamba.conv1d.bias")]
    [InlineData("granitemoehybrid", """{"num_local_experts":0}""", "model.layers.0.shared_mlp.input_linear.weight", "model.layers.0.block_sparse_moe.router.layer.weight")]
    [InlineData("granitemoehybrid", """{"position_embedding_type":"rope","attention_bias":true}""", "model.layers.2.self_attn.o_proj.bias", null)]
    [InlineData("granitemoehybrid", """{"mamba_n_groups":2,"mamba_proj_bias":true,"mamba_d_head":"auto","time_step_limit":[0.1,1]}""", "model.layers.0.mamba.in_proj.bias", null)]
    [InlineData("granitemoehybrid", """{"layer_types":["mamba","attention","mamba"]}""", "model.layers.1.self_attn.q_proj.weight", "model.layers.2.self_attn.q_proj.weight")]
    [InlineData("minimax", """{"rotary_dim":4,"sliding_window":3,"block_size":5,"full_attn_alpha_factor":2.5}""", "model.layers.0.self_attn.diagonal_decay", null)]
    [InlineData("minimax", """{"layer_types":null}""", "model.layers.0.self_attn.q_proj.weight", "model.layers.2.self_attn.slope_rate")]
    [InlineData("qwen3_next", """{"layer_types":null,"full_attention_interval":2}""", "model.layers.1.self_attn.q_norm.weight", "model.layers.2.self_attn.q_norm.weight")]
    [InlineData("qwen3_next", """{"mlp_only_layers":[1],"attention_bias":true}""", "model.layers.1.mlp.gate_proj.weight", "model.layers.1.mlp.gate.weight")]
    [InlineData("qwen3_next", """{"linear_num_value_heads":2,"decoder_sparse_step":2}""", "model.layers.1.mlp.shared_expert_gate.weight", "model.layers.2.mlp.gate.weight")]
    public void Setting_BringsItsTensorsAndRuns(string name, string settings, string there, string? gone)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var config = Config(name, settings);
        using var model = ModelRegistry.Find(config).Create(config);
        var tensors = ExpectedTensor.Of(model).Select(tensor => tensor.Name).ToHashSet();
        Assert.Contains(there, tensors);
        Assert.DoesNotContain(gone ?? "", tensors);

        RandomWeights.Fill(model, 1, float32);
        var ids = tensor(Enumerable.Range(3, 11).Select(id => (long)id).ToArray(), [1, 11]);
        using var cache = new GenerationCache();
        var whole = Pass(model, ids, cache);
        var next = Pass(model, ids.narrow(1, 0, 1), cache);
        Assert.True(whole.isfinite().all().item<bool>() && next.isfinite().all().item<bool>());
    }

    [Theory]
    [InlineData("lfm2_moe", """{"layer_types":["conv","conv","mamba"]}""", "layer_types[2]")]
    [InlineData("jamba", """{"hidden_act":"gelu"}""", "hidden_act")]
    [InlineData("jamba", """{"mamba_inner_layernorms":false}""", "mamba_inner_layernorms")]
    [InlineData("granitemoehybrid", """{"position_embedding_type":"alibi"}""", "position_embedding_type")]
    [InlineData("granitemoehybrid", """{"time_step_limit":[1]}""", "time_step_limit")]
    [InlineData("minimax", """{"postnorm":false}""", "postnorm")]
    [InlineData("qwen3_next", """{"layer_types":["full_attention"]}""", "layer_types")]
    public void Setting_ThatIsNotComputed_IsRefused(string name, string settings, string key)
    {
        var config = Config(name, settings);
        var error = Assert.Throws<ConfigException>(() => ModelRegistry.Find(config).Create(config).Dispose());
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
    }

    private static ConfigReader Config(string name, string settings)
    {
        _ = GoldenCases.All; // Enters the models.
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(TestData.Golden(name), "config.json")))!.AsObject();
        foreach (var (key, value) in JsonNode.Parse(settings)!.AsObject())
        {
            config[key] = value?.DeepClone();
        }

        return ConfigReader.Parse(config.ToJsonString(), "config.json");
    }

    private static Tensor Pass(CausalLm model, Tensor ids, GenerationCache cache)
    {
        using var context = new AttentionContext(1, ids.shape[1], CPU, cache);
        var logits = model.forward(ids, context);
        cache.Advance(context);
        return logits;
    }
}
