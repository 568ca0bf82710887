using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Moesaic.Tests.Checkpoints;

/// <summary>A module of whatever parameters, children and rules a test needs.</summary>
internal sealed class TestModule(params WeightRule[] rules) : ExplicitModule
{
    private readonly Dictionary<string, Parameter> _values = [];

    public override IReadOnlyList<WeightRule> WeightRules => rules;

    public Parameter this[string name] => _values[name];

    public TestModule With(string name, long[] shape, string? checkpointName = null, ScalarType? dtype = null)
    {
        _values[name] = NewParameter(shape);
        Register(name, _values[name], value => _values[name] = value, checkpointName, dtype);
        return this;
    }

    public TestModule With(string name, ExplicitModule child, string? checkpointName = null)
    {
        Register(name, child, checkpointName);
        return this;
    }

    /// <summary>Keeps a part of a parameter, as a rank of several does.</summary>
    internal TestModule Keep(string name, ParameterCut cut)
    {
        Cut(_values[name], cut);
        return this;
    }

    public override Tensor forward(Tensor x) => x.alias();
}
