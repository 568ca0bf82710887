namespace Moesaic.Checkpoints;

/// <summary>Rows of a quantized tensor that are a matrix of one expert.</summary>
/// <param name="Matrix">Of a stack, or 0.</param>
/// <param name="FirstRow">The stored row that is the matrix's first.</param>
/// <param name="RowStep">From one row of the matrix to the next, in stored rows: 2 where gate and up alternate.</param>
internal readonly record struct StoredRows(QuantizedTensor Tensor, long Matrix, long FirstRow, long RowStep);
