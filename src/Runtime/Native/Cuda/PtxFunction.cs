namespace Moesaic.Native;

/// <summary>A kernel that can be launched.</summary>
internal sealed unsafe class PtxFunction
{
    private const int DefaultSharedBytes = 48 << 10;
    private const int LocalBytesAttribute = 3;
    private const int RegistersAttribute = 4;
    private const int MaxSharedBytesAttribute = 8;
    private const int MaxArguments = 32;

    private readonly nint _function;
    private readonly string _name;
    private int _reservedBytes = DefaultSharedBytes;

    internal PtxFunction(nint function, string name, int sharedBytes)
    {
        _function = function;
        _name = name;
        Reserve(sharedBytes);
    }

    /// <summary>Registers of a thread.</summary>
    internal int Registers => Attribute(RegistersAttribute);

    /// <summary>Bytes of a thread in local memory: what did not fit into registers.</summary>
    internal int LocalBytes => Attribute(LocalBytesAttribute);

    /// <summary>Asks for leave to launch with so much dynamic shared memory, where that is more than any launch may have.</summary>
    /// <exception cref="CudaException">The GPU has less.</exception>
    internal void Reserve(int sharedBytes)
    {
        if (sharedBytes > _reservedBytes)
        {
            // Once, since it can wait for the GPU.
            CudaException.ThrowIfFailed(CudaDriver.SetFunctionAttribute(_function, MaxSharedBytesAttribute, sharedBytes), $"{_name}: {sharedBytes} bytes of shared memory");
            _reservedBytes = sharedBytes;
        }
    }

    /// <summary>Queues a launch. Arguments are numbers and addresses in the order of the kernel's parameters.</summary>
    /// <exception cref="CudaException">The driver refused it, or an earlier launch has failed.</exception>
    internal void Launch(in LaunchShape shape, nint stream, params ReadOnlySpan<KernelArgument> arguments)
    {
        var pointers = stackalloc void*[MaxArguments];
        Launch(shape, stream, pointers, 0, arguments);
    }

    /// <summary>The same for a kernel whose first parameter is a struct, passed as its bytes.</summary>
    internal void Launch<TFirst>(in LaunchShape shape, nint stream, TFirst first, params ReadOnlySpan<KernelArgument> arguments)
        where TFirst : unmanaged
    {
        var pointers = stackalloc void*[MaxArguments];
        pointers[0] = &first;
        Launch(shape, stream, pointers, 1, arguments);
    }

    /// <summary>The same for a kernel whose first three parameters are structs.</summary>
    internal void Launch<TFirst, TSecond, TThird>(in LaunchShape shape, nint stream, TFirst first, TSecond second, TThird third, params ReadOnlySpan<KernelArgument> arguments)
        where TFirst : unmanaged
        where TSecond : unmanaged
        where TThird : unmanaged
    {
        var pointers = stackalloc void*[MaxArguments];
        pointers[0] = &first;
        pointers[1] = &second;
        pointers[2] = &third;
        Launch(shape, stream, pointers, 3, arguments);
    }

    /// <param name="pointers">The first so many are set.</param>
    private void Launch(in LaunchShape shape, nint stream, void** pointers, int count, ReadOnlySpan<KernelArgument> arguments)
    {
        fixed (KernelArgument* start = arguments)
        {
            for (var i = 0; i < arguments.Length; i++)
            {
                pointers[count + i] = start + i;
            }

            Launch(shape, stream, pointers);
        }
    }

    private void Launch(in LaunchShape shape, nint stream, void** arguments)
    {
        var attributes = stackalloc CudaDriver.LaunchAttribute[2];
        var count = 0u;
        if (shape.Cluster > 1)
        {
            attributes[count++] = new() { Id = CudaDriver.LaunchAttribute.ClusterDimension, X = (uint)shape.Cluster, Y = 1, Z = 1 };
        }

        if (shape.StartsEarly)
        {
            attributes[count++] = new() { Id = CudaDriver.LaunchAttribute.ProgrammaticStreamSerialization, X = 1 };
        }

        var configuration = new CudaDriver.LaunchConfiguration
        {
            GridX = (uint)shape.GridX,
            GridY = (uint)shape.GridY,
            GridZ = 1,
            BlockX = (uint)shape.Threads,
            BlockY = 1,
            BlockZ = 1,
            SharedBytes = (uint)shape.SharedBytes,
            Stream = stream,
            Attributes = attributes,
            AttributeCount = count,
        };
        var code = CudaDriver.Launch(&configuration, _function, arguments, null);
        if (code != 0)
        {
            throw new CudaException($"{_name}, {shape}: {CudaException.Describe(code)}");
        }
    }

    private int Attribute(int attribute)
    {
        CudaException.ThrowIfFailed(CudaDriver.GetFunctionAttribute(out var value, attribute, _function), $"{_name}: attribute {attribute}");
        return value;
    }
}
