using System.Reflection;

namespace Moesaic.Kernels;

/// <summary>The C# of a kernel, and what a launch of it needs.</summary>
/// <param name="Method">With its type arguments.</param>
/// <param name="Bounds">Threads of a block.</param>
/// <param name="SharedBytes">Dynamic shared memory of a block.</param>
/// <param name="SharedBytesPerExpert">And as much more for each expert.</param>
internal readonly record struct KernelEntry(MethodInfo Method, KernelBounds Bounds, int SharedBytes = 0, int SharedBytesPerExpert = 0);
