namespace Moesaic.Generators.Tests.Harness;

/// <summary>Tests that make tensors run one after the other: one of them counts all there are.</summary>
[CollectionDefinition(Name)]
public static class UsesTensors
{
    public const string Name = "tensors";
}
