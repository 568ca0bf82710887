namespace Moesaic;

/// <summary>A module whose children and parameters are its get-only properties; the generator registers them.</summary>
/// <remarks>The snake_case of a property's name is its name in checkpoints; <see cref="CheckpointNameAttribute"/> states another.</remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ModuleAttribute : Attribute;
