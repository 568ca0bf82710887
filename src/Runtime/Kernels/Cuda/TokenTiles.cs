namespace Moesaic.Kernels;

/// <summary>The tiles of a layer of one token.</summary>
/// <param name="GateUp">Of the first projection.</param>
/// <param name="Down">Of the second, which sums the token's experts.</param>
internal readonly record struct TokenTiles(TileShape GateUp, TileShape Down);
