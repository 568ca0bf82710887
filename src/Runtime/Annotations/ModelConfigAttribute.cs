namespace Moesaic;

/// <summary>A record that the generator reads from config.json: the snake_case of a property's name is its key.</summary>
/// <remarks><c>required</c> properties must be there; others keep their initializer where the key is absent or null.</remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ModelConfigAttribute : Attribute;
