using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Moesaic.Generators.Evaluation;
using Moesaic.Generators.Helpers;
using Moesaic.Generators.Known;
using Moesaic.Generators.Parsing;
using Moesaic.Generators.Planning;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Expansion;

/// <summary>A module as its constructors make it.</summary>
internal sealed class Instance(Evaluator evaluator) : IMembers
{
    // Where the tree of classes that declare children ends; and the generator knows what a block has.
    private static readonly string[] Roots = ["ExplicitModule", "MoeBlock"];

    private readonly List<Frame> _frames = [];
    private readonly Dictionary<string, Lazy<Value>> _members = new(StringComparer.Ordinal);
    private readonly List<TensorNode> _registered = [];
    private bool _isOpen;

    /// <inheritdoc/>
    public IEnumerable<(TypeDeclarationSyntax Declaration, Scope Scope)> Declarations =>
        from frame in _frames
        from part in frame.Class.Parts
        select (part, frame.Scope);

    /// <inheritdoc/>
    public Value? Member(string name)
    {
        if (!_members.TryGetValue(name, out var member))
        {
            if (_frames.FirstOrDefault(f => f.Class.Member(name) is not null) is not { } frame)
            {
                return null;
            }

            _members[name] = member = new(() => Initial(frame, name));
        }

        // A member that needs itself is not for us to understand.
        _members[name] = new(() => Value.Unknown);
        var value = member.Value;
        _members[name] = member;
        return value;
    }

    /// <summary>Runs the constructors of a class and its bases.</summary>
    /// <param name="scope">What the arguments see.</param>
    public void Construct(TypeReference type, ArgumentListSyntax? arguments, Scope scope)
    {
        var types = new TypeContext(evaluator.Types, type.Class.Symbol, type.Arguments);
        var frame = new Frame(type.Class, new Scope(null, this, types));
        _frames.Add(frame);

        var constructor = ConstructorChoice.Of(type.Class, arguments, except: null);
        var bound = constructor?.ParameterList ?? type.Class.Parts.Select(static p => p.ParameterList).FirstOrDefault(static p => p is not null);
        Bind(bound, arguments, scope, frame.Scope);
        while (constructor?.Initializer is { ThisOrBaseKeyword.RawKind: (int)Microsoft.CodeAnalysis.CSharp.SyntaxKind.ThisKeyword } other)
        {
            new ConstructorBody(evaluator, this).Run(constructor.Body, frame.Scope);
            constructor = ConstructorChoice.Of(type.Class, other.ArgumentList, except: constructor);
            Bind(constructor?.ParameterList, other.ArgumentList, frame.Scope, frame.Scope);
        }

        ConstructBase(type.Class, constructor, frame.Scope);
        new ConstructorBody(evaluator, this).Run(constructor?.Body, frame.Scope);
        foreach (var registration in type.Class.Registrations)
        {
            new ConstructorBody(evaluator, this).Run(registration.Body, frame.Scope, registration.ExpressionBody?.Expression);
        }
    }

    public void Assign(string name, Lazy<Value> value) => _members[name] = value;

    /// <summary>The type that a property or field is declared with.</summary>
    public TypeReference? TypeOf(string name) => _frames.FirstOrDefault(f => f.Class.Member(name) is not null) is { } frame
        ? Declared(frame, name) is { } type ? frame.Scope.Types!.Resolve(type) : null
        : null;

    public void Register(string name, Value value) => _registered.Add(Nodes.Of(name, value, origin: null));

    /// <summary>The tensors of everything that is registered.</summary>
    public TensorNode Tensors()
    {
        var parts = new List<TensorNode>(_registered);
        foreach (var frame in Enumerable.Reverse(_frames))
        {
            parts.AddRange(TensorCuts.Of(frame, HeadsAreIndependent, evaluator));
            if (frame.Class.Symbol is not { } symbol)
            {
                continue;
            }

            var ignored = new ParseContext(evaluator.Types.Compilation, default);
            if (symbol.Attribute(KnownTypes.MoeBlockAttribute) is not null)
            {
                parts.Add(MoeBlockParser.Parse(symbol, ignored) is { } spec ? Block(symbol, spec, frame.Scope) : new AnythingNode());
            }

            if (ModuleRules.IsAnnotated(symbol))
            {
                parts.AddRange(ChildrenParser.Parse(symbol, ignored).Select(child => Child(symbol, Registration.Of(child))));
            }
        }

        return new GroupNode(_isOpen ? [.. parts, new AnythingNode()] : parts);
    }

    /// <summary>The runtime's own attention is; a class derived from it has to say so.</summary>
    private bool HeadsAreIndependent() => _frames[0].Class is { Symbol: null, Name: "GroupedQueryAttention" }
        || Logic.IsTrue(Member(nameof(HeadsAreIndependent)) ?? Value.Unknown) == true;

    private TensorNode Block(INamedTypeSymbol symbol, MoeBlockSpec spec, Scope scope)
    {
        if (evaluator.IsCertain && !evaluator.Findings.ContainsKey(spec.Type.FullName))
        {
            var location = symbol.Attribute(KnownTypes.MoeBlockAttribute)?.Location(default);
            evaluator.Findings.Add(spec.Type.FullName, [.. BlockArithmetic.Check(spec, evaluator, scope, location)]);
        }

        return new BlockTensors(evaluator, scope).Of(spec);
    }

    private TensorNode Child(INamedTypeSymbol symbol, Registration child)
    {
        var location = symbol.GetMembers(child.Property).FirstOrDefault()?.Locations.FirstOrDefault();
        return Nodes.Of(child.CheckpointName, Member(child.Property) ?? Value.Unknown, new($"{symbol.Name}.{child.Property}", location));
    }

    private void ConstructBase(ModuleClass derived, ConstructorDeclarationSyntax? constructor, Scope scope)
    {
        if (derived.Base is not { } written || Roots.Any(root => written.Type.ToString() == root))
        {
            return;
        }

        if (scope.Types!.Resolve(written.Type) is not { } type)
        {
            // An interface, or a class of which it is not known how it is written.
            _isOpen |= derived.Symbol?.BaseType is { } known && !Roots.Any(root => known.Is("Moesaic." + root));
            return;
        }

        Construct(type, constructor?.Initializer?.ArgumentList ?? (written as PrimaryConstructorBaseTypeSyntax)?.ArgumentList, scope);
    }

    private void Bind(ParameterListSyntax? parameters, ArgumentListSyntax? arguments, Scope from, Scope to)
    {
        var given = arguments?.Arguments.ToArray() ?? [];
        var values = new List<(string Name, Value Value)>();
        for (var i = 0; i < (parameters?.Parameters.Count ?? 0); i++)
        {
            var parameter = parameters!.Parameters[i];
            var argument = given.FirstOrDefault(a => a.NameColon?.Name.Identifier.Text == parameter.Identifier.Text)
                ?? (i < given.Length && given[i].NameColon is null ? given[i] : null);
            var expression = argument?.Expression ?? parameter.Default?.Value;
            var expected = parameter.Type is { } type ? to.Types?.Resolve(type) : null;
            values.Add((parameter.Identifier.Text, expression is null ? Value.Unknown : evaluator.Evaluate(expression, from, expected)));
        }

        // Only now: arguments may see parameters of the same names.
        values.ForEach(value => to.Set(value.Name, value.Value));
    }

    private Value Initial(Frame frame, string name)
    {
        var expression = frame.Class.Member(name) switch
        {
            PropertyDeclarationSyntax property => property.Initializer?.Value ?? Bodies.Of(property),
            FieldDeclarationSyntax field => field.Declaration.Variables.First(v => v.Identifier.Text == name).Initializer?.Value,
            _ => null,
        };
        var type = Declared(frame, name);
        return expression is not null ? evaluator.Evaluate(expression, frame.Scope, type is null ? null : frame.Scope.Types!.Resolve(type))
            : type is NullableTypeSyntax ? Value.Null
            : Value.Unknown;
    }

    private static TypeSyntax? Declared(Frame frame, string name) => frame.Class.Member(name) switch
    {
        PropertyDeclarationSyntax property => property.Type,
        FieldDeclarationSyntax field => field.Declaration.Type,
        _ => null,
    };
}
