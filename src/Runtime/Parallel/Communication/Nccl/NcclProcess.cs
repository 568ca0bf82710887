using static TorchSharp.torch;

namespace Moesaic.Communication;

/// <summary>What the NCCL communicators of a process share: its GPU, made this thread's, and who watches over waits.</summary>
internal sealed class NcclProcess : IDisposable
{
    private readonly nint _current;
    private readonly Action? _leave;

    /// <param name="end">Ends the process and says why; does not return.</param>
    /// <param name="leave">Leaves the other ranks when all goes well.</param>
    internal NcclProcess(Device device, CommunicationOptions options, Action<string> end, Action? leave = null)
    {
        var index = Math.Max(0, device.index);
        OperatorException.ThrowIfFailed(NcclNative.NewDeviceGuard(index, out _current), "a GPU for NCCL"u8);
        (Device, _leave) = (device, leave);
        Guard = new(options.Timeout, end);
        Watch = new(index, options.Timeout, end);
    }

    internal Device Device { get; }

    /// <summary>Over calls that do not return.</summary>
    internal HangGuard Guard { get; }

    /// <summary>Over calls that have returned and wait on the GPU.</summary>
    internal NcclWatch Watch { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Watch.Dispose();
        Guard.Dispose();
        _leave?.Invoke();
        _ = NcclNative.DeleteDeviceGuard(_current);
    }
}
