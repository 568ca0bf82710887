namespace Moesaic.Communication;

/// <summary>Calls that NCCL starts together, so that none waits for another. A call that is refused still ends the group.</summary>
internal ref struct NcclGroup
{
    private readonly CollectiveKind _kind;
    private readonly NcclCommunicator _communicator;
    private int _result;

    internal NcclGroup(CollectiveKind kind, NcclCommunicator communicator)
    {
        (_kind, _communicator) = (kind, communicator);
        _result = NcclNative.GroupStart();
    }

    internal void Add(int result) => _result = _result == 0 ? result : _result;

    internal readonly void End()
    {
        var ended = NcclNative.GroupEnd();
        _communicator.Leave(_result == 0 ? ended : _result, _kind);
    }
}
