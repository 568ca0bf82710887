using Moesaic.Communication;

namespace Moesaic.Tests.Communication;

/// <summary>What this assembly does as a program: a rank of an mpirun that a test started.</summary>
internal static class RankProgram
{
    private static int Main(string[] arguments)
    {
        using var world = MpiWorld.Start(new() { Timeout = TimeSpan.FromSeconds(3) });
        try
        {
            switch (arguments)
            {
                case ["contract"]:
                    CommunicatorContract.Check(world);
                    Console.WriteLine($"rank {world.Rank} of {world.Size} is content");
                    break;
                case ["disagree"]:
                    Disagree(world);
                    break;
                case ["wrong-message"]:
                    SendTooMuch(world);
                    break;
                case ["hang", var seconds] when world.Rank == 1:
                    Thread.Sleep(TimeSpan.FromSeconds(int.Parse(seconds)));
                    break;
                default:
                    world.Barrier();
                    break;
            }

            return 0;
        }
        catch (CommunicationException e)
        {
            Console.WriteLine($"rank {world.Rank}: {e.Message}");
            return 0;
        }
    }

    private static void Disagree(ICommunicator world)
    {
        using var values = TorchSharp.torch.zeros(world.Rank == 2 ? 5 : 4);
        world.AllReduce(values);
    }

    private static void SendTooMuch(ICommunicator world)
    {
        using var values = TorchSharp.torch.zeros(world.Rank == 0 ? 5 : 4);
        if (world.Rank == 0)
        {
            world.Send(values, 1);
        }
        else
        {
            world.Receive(values, 0);
        }
    }
}
