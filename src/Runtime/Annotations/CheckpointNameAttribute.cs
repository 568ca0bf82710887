namespace Moesaic;

/// <summary>The name of a child or parameter in checkpoints where that is not the snake_case of its C# name; may hold dots.</summary>
[AttributeUsage(AttributeTargets.Property, Inherited = false)]
public sealed class CheckpointNameAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;
}
