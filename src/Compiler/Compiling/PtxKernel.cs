namespace Moesaic.Kernels;

/// <summary>One kernel as PTX.</summary>
/// <param name="EntryPoint">Its name in the text.</param>
/// <param name="Text">A module with this one kernel.</param>
public sealed record PtxKernel(string EntryPoint, string Text);
