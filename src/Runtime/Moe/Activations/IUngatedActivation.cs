namespace Moesaic;

/// <summary>An activation of experts without a gate: one projection in, whose output is <c>gate</c>.</summary>
/// <remarks>Known to the compiler, which then expects an up projection, a down projection and half the rows.</remarks>
public interface IUngatedActivation : IExpertActivation
{
    /// <inheritdoc/>
    static bool IExpertActivation.IsGated => false;
}
