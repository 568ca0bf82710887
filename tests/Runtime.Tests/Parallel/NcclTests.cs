using Moesaic.Communication;

namespace Moesaic.Tests.Communication;

/// <summary>The NCCL backend on one GPU: every call goes through NCCL, though there is one rank.</summary>
public sealed class NcclTests
{
    [NcclFact]
    public void Calls_GiveWhatTheyPromise()
    {
        var options = new CommunicationOptions();
        using var communicator = NcclWorld.StartAlone(Libtorch.Cuda(), options);

        CommunicatorContract.Check(communicator);
    }

    [NcclFact]
    public void Bfloat16_IsAdded()
    {
        using var communicator = NcclWorld.StartAlone(Libtorch.Cuda(), new());
        using var values = TorchSharp.torch.full([4], 3f, TorchSharp.torch.bfloat16, communicator.Device);

        communicator.AllReduce(values);

        using var host = values.to(TorchSharp.torch.float32).cpu();
        Assert.Equal(3f, host[0].item<float>());
    }
}
