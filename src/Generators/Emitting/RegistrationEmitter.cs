using Moesaic.Generators.Planning;

namespace Moesaic.Generators.Emitting;

/// <summary>Writes <c>RegisterChildren</c>.</summary>
internal static class RegistrationEmitter
{
    public static void Write(SourceWriter writer, IEnumerable<Registration> registrations, bool callsBase)
    {
        writer.Separate();
        writer.Write("/// <inheritdoc/>");
        writer.Open("protected override void RegisterChildren()");
        if (callsBase)
        {
            writer.Write("base.RegisterChildren();");
        }

        foreach (var registration in registrations)
        {
            writer.Write($"Register({string.Join(", ", Arguments(registration))});");
        }

        writer.Close();
    }

    private static IEnumerable<string> Arguments(Registration registration)
    {
        var property = CSharpText.Identifier(registration.Property);
        yield return CSharpText.Literal(registration.Name);
        yield return property;
        if (registration.IsParameter)
        {
            yield return $"value => {property} = value";
        }

        if (registration.CheckpointName != registration.Name)
        {
            yield return CSharpText.Literal(registration.CheckpointName);
        }

        if (registration.KeepsFloat32)
        {
            yield return "dtype: global::TorchSharp.torch.ScalarType.Float32";
        }
    }
}
