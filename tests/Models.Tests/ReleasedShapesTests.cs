using System.Globalization;
using Moesaic.Checkpoints;
using Moesaic.Configs;

namespace Moesaic.Models.Tests;

/// <summary>Each architecture in its released size: the tensors that it expects, from the public config.json, without their memory.</summary>
/// <remarks>
/// Released/NAME.verified.txt was read and compared with the public checkpoint. A difference leaves a NAME.received.txt beside it;
/// to approve it, read it line by line and rename it by hand. There is no command that does.
/// </remarks>
public sealed class ReleasedShapesTests
{
    private static readonly string Folder = Path.Combine(TestData.Root, "tests", "Models.Tests", "Released");

    static ReleasedShapesTests() => ModelRegistry.AddFrom(typeof(ModelsAssembly).Assembly);

    public static TheoryData<string> Names() =>
        [.. Directory.GetFiles(Folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void ReleasedConfig_ExpectsTheReleasedTensors(string name)
    {
        var config = ConfigReader.Load(Path.Combine(Folder, name + ".json"));
        using var model = ModelRegistry.Find(config).Create(config);
        var text = string.Join("\n", Collapse(ExpectedTensor.Of(model))) + "\n";

        var (verified, received) = (Path.Combine(Folder, name + ".verified.txt"), Path.Combine(Folder, name + ".received.txt"));
        if (File.Exists(verified) && File.ReadAllText(verified).ReplaceLineEndings("\n") == text)
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, text);
        Assert.Fail($"{received} is not what was approved");
    }

    /// <summary>One line for tensors whose names differ in numbers alone: <c>layers.{3..60}.mlp.experts.{0..255}.up_proj.weight [2048, 7168]</c>.</summary>
    private static IEnumerable<string> Collapse(IEnumerable<ExpectedTensor> tensors)
    {
        var lines = tensors.Select(tensor => (Words: tensor.Name.Split('.'), Shape: $"[{string.Join(", ", tensor.Shape)}]")).ToList();
        for (var word = lines.Max(line => line.Words.Length) - 1; word >= 0; word--)
        {
            lines = [.. lines.GroupBy(line => Without(line.Words, word) + " " + line.Shape).Select(same => (Join(same.Select(line => line.Words), word), same.First().Shape))];
        }

        return lines.Select(line => $"{string.Join('.', line.Words)} {line.Shape}");
    }

    /// <summary>The name, with a number at one place left out.</summary>
    private static string Without(string[] words, int word) =>
        string.Join('.', words.Select((text, index) => index == word && IsNumber(text) ? "{}" : text));

    private static string[] Join(IEnumerable<string[]> names, int word)
    {
        var all = names.ToList();
        if (all.Count == 1)
        {
            return all[0];
        }

        var numbers = all.Select(words => int.Parse(words[word], CultureInfo.InvariantCulture)).Order().ToList();
        var joined = all[0].ToArray();
        joined[word] = $"{{{string.Join(",", Runs(numbers))}}}";
        return joined;
    }

    private static IEnumerable<string> Runs(List<int> numbers)
    {
        for (var first = 0; first < numbers.Count;)
        {
            var last = first;
            while (last + 1 < numbers.Count && numbers[last + 1] == numbers[last] + 1)
            {
                last++;
            }

            yield return first == last ? $"{numbers[first]}" : $"{numbers[first]}..{numbers[last]}";
            first = last + 1;
        }
    }

    private static bool IsNumber(string text) => text.All(char.IsAsciiDigit);
}
