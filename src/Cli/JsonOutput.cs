using System.Text.Json;

namespace Moesaic.Cli;

/// <summary>JSON on stdout, without reflection.</summary>
internal static class JsonOutput
{
    internal static void Write(Action<Utf8JsonWriter> write)
    {
        using var stdout = Console.OpenStandardOutput();
        using (var writer = new Utf8JsonWriter(stdout, new JsonWriterOptions { Indented = true }))
        {
            write(writer);
        }

        stdout.Write("\n"u8);
    }
}
