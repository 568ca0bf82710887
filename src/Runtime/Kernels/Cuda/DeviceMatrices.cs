namespace Moesaic.Kernels;

/// <summary>The matrices of all experts in device memory, and their scales.</summary>
/// <param name="Values">[E, rows, columns], from a multiple of 16 bytes on.</param>
/// <param name="Scales">Those of the first row; 0 where there are none.</param>
/// <param name="ScaleShift">2^shift rows, 1 or 8, share theirs.</param>
/// <param name="ScaleRowBytes">To the next rows'.</param>
/// <param name="ScaleUnitBytes">To the next 128 columns'; 0 where one covers whole rows.</param>
internal readonly record struct DeviceMatrices(nint Values, nint Scales = 0, int ScaleShift = 0, int ScaleRowBytes = 0, int ScaleUnitBytes = 0);
