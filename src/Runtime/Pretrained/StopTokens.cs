using Moesaic.Configs;

namespace Moesaic;

/// <summary>The ids that end a text: <c>eos_token_id</c> of config.json and of generation_config.json, one number or several.</summary>
internal static class StopTokens
{
    internal static IReadOnlySet<int> Read(ConfigReader config, string directory)
    {
        var ids = new HashSet<int>(Read(config));
        if (config.Section("text_config") is { } languageModel)
        {
            ids.UnionWith(Read(languageModel));
        }

        var generation = Path.Combine(directory, "generation_config.json");
        if (File.Exists(generation))
        {
            ids.UnionWith(Read(ConfigReader.Load(generation)));
        }

        return ids;
    }

    private static IReadOnlyList<int> Read(ConfigReader reader) =>
        reader.IsList("eos_token_id") ? reader.OptionalInt32s("eos_token_id") ?? [] :
        reader.OptionalInt32("eos_token_id") is { } id ? [id] : [];
}
