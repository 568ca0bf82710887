namespace Moesaic.Kernels;

/// <summary>A value and where it stands.</summary>
internal struct Candidate
{
    internal float Value;
    internal int Index;

    /// <summary>Loses against everything but NaN.</summary>
    internal static Candidate None => new() { Value = float.NegativeInfinity, Index = int.MaxValue };

    /// <summary>The larger, of equals the one that stands first.</summary>
    internal readonly Candidate Or(Candidate other) =>
        other.Value > Value || (other.Value == Value && other.Index < Index) ? other : this;
}
