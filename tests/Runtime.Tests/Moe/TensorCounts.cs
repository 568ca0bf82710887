namespace Moesaic.Tests.Moe;

/// <summary>Tests that count living tensors: the count is one for the process, so they run alone.</summary>
[CollectionDefinition(nameof(TensorCounts), DisableParallelization = true)]
public sealed class TensorCounts;
