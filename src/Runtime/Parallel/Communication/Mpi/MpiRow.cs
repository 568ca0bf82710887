namespace Moesaic.Communication;

/// <summary>A row of a tensor as one element of a message, so that MPI's 32-bit counts count rows and not bytes.</summary>
internal readonly ref struct MpiRow
{
    private readonly nint _type;

    internal MpiRow(MpiSymbols symbols, long bytes, MpiCommunicator communicator)
    {
        communicator.Check(MpiNative.TypeContiguous(checked((int)bytes), symbols.Byte, out _type), CollectiveKind.AllGather);
        communicator.Check(MpiNative.TypeCommit(ref _type), CollectiveKind.AllGather);
    }

    internal nint Type => _type;

    public void Dispose()
    {
        var type = _type;
        _ = MpiNative.TypeFree(ref type);
    }
}
