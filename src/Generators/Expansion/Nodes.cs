using System.Globalization;
using Moesaic.Generators.Evaluation;

namespace Moesaic.Generators.Expansion;

internal static class Nodes
{
    /// <summary>What a child or parameter of this name and value asks of a checkpoint.</summary>
    public static TensorNode Of(string name, Value value, Origin? origin) => value switch
    {
        ModuleValue module => new BelowNode(name, module.Node, origin),
        ParameterValue parameter => new BelowNode("", new LeafNode(name, parameter.Shape), origin),
        ChoiceValue choice => new ChoiceNode([.. choice.Alternatives.Select(alternative => Of(name, alternative, origin))]),
        _ when value == Value.Null => TensorNode.Nothing,
        _ => new BelowNode(name, new AnythingNode(), origin),
    };

    /// <summary>A name below another; either may be empty.</summary>
    public static string Join(string path, string name) => path.Length == 0 ? name : name.Length == 0 ? path : $"{path}.{name}";

    public static string Number(int index) => index.ToString(CultureInfo.InvariantCulture);
}
