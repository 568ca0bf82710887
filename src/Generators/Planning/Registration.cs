using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Planning;

/// <summary>One call of <c>Register</c>.</summary>
/// <param name="Property">The property that holds the child or parameter.</param>
/// <param name="Name">Its name among its siblings.</param>
/// <param name="CheckpointName">Its name in checkpoints.</param>
/// <param name="IsParameter">A parameter, else a module.</param>
/// <param name="KeepsFloat32">A parameter that stays float32 whatever the model's dtype is.</param>
internal sealed record Registration(string Property, string Name, string CheckpointName, bool IsParameter = false, bool KeepsFloat32 = false)
{
    public static Registration Of(ChildSpec child)
    {
        var name = CheckpointNames.ToSnakeCase(child.Property);
        return new(child.Property, name, child.CheckpointName ?? name, child.IsParameter);
    }
}
