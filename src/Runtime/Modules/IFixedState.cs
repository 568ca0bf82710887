namespace Moesaic;

/// <summary>What a layer keeps, able to stay in one place and of one size from pass to pass.</summary>
internal interface IFixedState
{
    /// <summary>From now on each pass has one token for each row, at <see cref="DecodePlace.Position"/>.</summary>
    void Fix(DecodePlace place);
}
