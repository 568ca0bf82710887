using System.Text;
using Moesaic.Configs;
using Moesaic.Tests.Checkpoints;

namespace Moesaic.Tests.Configs;

public sealed class ConfigFuzzTests
{
    private const int Seeds = 3000;

    private const string Config = """
        {
          "architectures": ["MixtralForCausalLM"], "head_dim": null, "hidden_size": 32, "rms_norm_eps": 1e-05, "tie_word_embeddings": false,
          "rope_parameters": {"rope_theta": 1000000.0, "rope_type": "default"}, "time_step_limit": [0.0, Infinity], "layers": [0, 1]
        }
        """;

    [Fact]
    public void DamagedConfig_IsRefusedOrRead()
    {
        var refused = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            try
            {
                ReadAll(ConfigReader.Parse(Encoding.UTF8.GetString(Mutation.Of(Encoding.UTF8.GetBytes(Config), seed)), "config.json"));
            }
            catch (ConfigException e)
            {
                Assert.DoesNotContain('\n', e.Message);
                refused++;
            }
        }

        Assert.InRange(refused, Seeds / 20, Seeds * 19 / 20);
    }

    private static void ReadAll(ConfigReader config)
    {
        config.RequiredStrings("architectures");
        config.OptionalInt32("head_dim");
        config.RequiredInt32("hidden_size", "d_model");
        config.RequiredDouble("rms_norm_eps");
        config.RequiredBoolean("tie_word_embeddings");
        config.Section("rope_parameters")?.OptionalDouble("rope_theta");
        config.Section("rope_parameters")?.OptionalString("rope_type");
        config.OptionalDoubles("time_step_limit");
        config.OptionalInt32s("layers");
    }
}
