using System.Text.Encodings.Web;
using System.Text.Json;

namespace Moesaic.Cli;

/// <summary>JSON on stdout, without reflection; it goes to terminals and programs and never into a web page, so arrows stay arrows.</summary>
internal static class JsonOutput
{
    internal static void Write(Action<Utf8JsonWriter> write)
    {
        using var stdout = Console.OpenStandardOutput();
        using (var writer = new Utf8JsonWriter(stdout, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            write(writer);
        }

        stdout.Write("\n"u8);
    }
}
