using System.Globalization;
using System.Text;

namespace Moesaic.Generators.Planning;

/// <summary>From C# names to the names of checkpoints and of config.json.</summary>
internal static class CheckpointNames
{
    /// <summary>snake_case by the rule of System.Text.Json: a capital begins a word unless it stands inside a run of capitals.</summary>
    public static string ToSnakeCase(string name)
    {
        var result = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && BeginsWord(name, i))
            {
                result.Append('_');
            }

            result.Append(char.ToLowerInvariant(name[i]));
        }

        return result.ToString();
    }

    private static bool BeginsWord(string name, int i)
    {
        if (!char.IsUpper(name[i]))
        {
            return false;
        }

        var previous = char.GetUnicodeCategory(name, i - 1);
        return previous switch
        {
            UnicodeCategory.LowercaseLetter or UnicodeCategory.DecimalDigitNumber => true,
            UnicodeCategory.UppercaseLetter => i + 1 < name.Length && char.IsLower(name[i + 1]),
            _ => false, // An underscore separates already.
        };
    }
}
