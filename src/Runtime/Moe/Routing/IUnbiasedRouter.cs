namespace Moesaic;

/// <summary>A router that has no place for a selection bias.</summary>
/// <remarks>Known to the compiler, which then refuses a block that declares one: <c>[RouterWeights(SelectionBias = "…")]</c>.</remarks>
public interface IUnbiasedRouter : IRouter;
