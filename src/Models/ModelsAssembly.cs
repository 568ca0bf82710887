namespace Moesaic.Models;

/// <summary>Stands for this assembly: <c>ModelRegistry.AddFrom(typeof(ModelsAssembly).Assembly)</c> enters its architectures.</summary>
public static class ModelsAssembly;
