using Moesaic.Generators.Expansion;

namespace Moesaic.Generators.Evaluation;

/// <summary>The names that an expression can see.</summary>
internal sealed class Scope(Scope? parent, IMembers? self = null, TypeContext? types = null)
{
    private readonly Dictionary<string, Value> _values = new(StringComparer.Ordinal);

    public IMembers? Self { get; } = self ?? parent?.Self;

    /// <summary>How the names of types are meant.</summary>
    public TypeContext? Types { get; } = types ?? parent?.Types;

    public void Set(string name, Value value) => _values[name] = value;

    public Value? Find(string name) => Local(name) ?? Self?.Member(name);

    private Value? Local(string name) => _values.TryGetValue(name, out var value) ? value : parent?.Local(name);
}
