using Microsoft.CodeAnalysis.Text;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Emitting;

/// <summary>Writes members that refuse to run, for a declaration that is wrong: the build has failed, unless its error was suppressed.</summary>
internal static class StubEmitter
{
    public static SourceText Write(StubSpec stub, string generator)
    {
        var writer = new SourceWriter();
        GeneratedFile.WriteHeader(writer, generator, stub.Type.FullName, "nothing is generated, since the declaration is wrong: the compiler says what is");
        GeneratedFile.OpenType(writer, stub.Type, stub.Bases);
        var refusal = CSharpText.Literal($"{stub.Type.FullName} is declared wrongly: the compiler has said how");
        foreach (var member in stub.Members)
        {
            writer.Separate();
            writer.Write($$"""
                /// <inheritdoc/>
                {{member}} =>
                    throw new global::System.NotSupportedException({{refusal}});
                """);
        }

        GeneratedFile.CloseType(writer, stub.Type);
        return writer.ToSourceText();
    }
}
