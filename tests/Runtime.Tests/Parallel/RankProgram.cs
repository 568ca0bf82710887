using Moesaic.Communication;
using static TorchSharp.torch;

namespace Moesaic.Tests.Communication;

/// <summary>What this assembly does as a program: a rank of those that a test or tests/verify-ranks.sh started; with <c>nccl</c>, one that has a GPU.</summary>
internal static class RankProgram
{
    private static int Main(string[] arguments)
    {
        if (arguments is ["one-gpu"])
        {
            return OneGpu();
        }

        var onGpus = arguments is ["nccl", ..];
        using var world = onGpus ? Gpus() : MpiWorld.Start(new() { Timeout = TimeSpan.FromSeconds(arguments is ["hang", ..] ? 10 : 100) });
        try
        {
            switch (arguments[(onGpus ? 1 : 0)..])
            {
                case ["contract"]:
                    CommunicatorContract.Check(world);
                    Console.WriteLine($"rank {world.Rank} of {world.Size} is content");
                    break;
                case ["disagree"]:
                    Disagree(world);
                    break;
                case ["disagree-order"]:
                    DisagreeInOrder(world);
                    break;
                case ["disagree-rows"]:
                    DisagreeInRows(world);
                    break;
                case ["wrong-message"]:
                    SendTooMuch(world);
                    break;
                case ["hang", var seconds]:
                    AddUp(world, 1);
                    if (world.Rank == 1)
                    {
                        Thread.Sleep(TimeSpan.FromSeconds(int.Parse(seconds)));
                    }

                    AddUp(world, 1);
                    break;
                case ["die"]:
                    AddUp(world, world.Rank == 1 ? 100 : int.MaxValue);
                    MpiNative.ExitNow(9);
                    break;
                default:
                    world.Barrier();
                    break;
            }

            return 0;
        }
        catch (CommunicationException e)
        {
            if (arguments is ["nccl", "hang" or "die", ..])
            {
                NcclWorld.Abort(e.Message);
            }

            Console.WriteLine($"rank {world.Rank}: {e.Message}");
            return 0;
        }
    }

    /// <summary>What tests do on a GPU, where there is no test runner.</summary>
    private static int OneGpu()
    {
        var gpu = Libtorch.Cuda();
        var failures = 0;
        foreach (var (name, test) in ((string, Func<string>)[])
        [
            ("calls of ranks that share it", static () => Do(new RanksOnOneGpuTests().Calls_GiveWhatTheyPromise)),
            ("float32 experts in every cut", () => string.Join(", ", RanksOnOneGpuTests.CheckAll(gpu, float32, 1e-5))),
            ("bfloat16 experts in every cut", () => string.Join(", ", RanksOnOneGpuTests.CheckAll(gpu, bfloat16, 1e-2))),
            ("the watch over it", static () => Do(new NcclWatchTests().GpuThatWaitsTooLong_IsNoticed_AndOneThatDoesNotIsNot)),
        ])
        {
            try
            {
                Console.WriteLine($"ok      one GPU: {name}: {test()}");
            }
            catch (Exception e) when (e is Xunit.Sdk.XunitException or MoesaicException)
            {
                failures++;
                Console.WriteLine($"FAILED  one GPU: {name}: {e.Message}");
            }
        }

        return failures == 0 ? 0 : 1;
    }

    private static string Do(Action test)
    {
        test();
        return "as promised";
    }

    private static ICommunicator Gpus()
    {
        _ = Libtorch.Cuda();
        var device = new Device(TorchSharp.DeviceType.CUDA, NcclWorld.LocalGpu(cuda.device_count()));
        var options = CommunicationOptions.FromEnvironment();
        return MpiWorld.IsLaunched ? NcclWorld.Start(MpiWorld.Start(options), device, options)
            : NcclWorld.LaunchedSize > 1 ? NcclWorld.StartFromEnvironment(device, options)
            : NcclWorld.StartAlone(device, options);
    }

    private static void Disagree(ICommunicator world)
    {
        using var values = zeros(world.Rank == world.Size - 1 ? 5 : 4, device: world.Device);
        world.AllReduce(values);
    }

    private static void DisagreeInOrder(ICommunicator world)
    {
        using var values = zeros(4, device: world.Device);
        if (world.Rank == 0)
        {
            world.AllReduce(values);
        }
        else
        {
            world.Broadcast(values, 0);
        }
    }

    /// <summary>Each sends one row to each; the last expects two from the first.</summary>
    private static void DisagreeInRows(ICommunicator world)
    {
        long[] ones = [.. Enumerable.Repeat(1L, world.Size)];
        long[] expected = [.. ones];
        expected[0] += world.Rank == world.Size - 1 ? 1 : 0;
        using var send = zeros(world.Size, 3, device: world.Device);
        using var receive = zeros(expected.Sum(), 3, device: world.Device);
        world.AllToAll(send, ones, receive, expected);
    }

    private static void SendTooMuch(ICommunicator world)
    {
        using var values = zeros(world.Rank == 0 ? 5 : 4, device: world.Device);
        if (world.Rank == 0)
        {
            world.Send(values, 1);
        }
        else if (world.Rank == 1)
        {
            world.Receive(values, 0);
        }
    }

    private static void AddUp(ICommunicator world, int times)
    {
        using var values = ones(1024, device: world.Device);
        for (var i = 0; i < times; i++)
        {
            world.AllReduce(values);
            values.fill_(values.cpu()[0].item<float>() / world.Size); // Waits for the GPU.
        }
    }
}
