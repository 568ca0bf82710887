using ILGPU;

namespace Moesaic.Kernels;

/// <summary>A warpgroup of <see cref="TiledKernel"/> that multiplies, at work on one item.</summary>
internal struct TiledConsumer<TActivation, TRole, TShape>
    where TActivation : struct, IExpertActivation
    where TRole : struct, ITiledRole
    where TShape : struct, ITiledShape
{
    internal TiledMemory<TShape> Memory;
    internal TActivation Activation;
    internal long Bias;
    internal long Weights;
    internal long Order;
    internal long Output;
    internal int Width;
    internal TiledItem Item;
    internal int Steps;

    /// <summary>0 or 1 of the groups that multiply.</summary>
    private static int Index => (Group.IdxX >> 7) - 1;

    private static int Thread => Group.IdxX & 127;

    /// <summary>Does the item; <paramref name="used"/> stages were used before it.</summary>
    internal readonly int Run<TSums>(int used)
        where TSums : struct, ITileSums<TSums>
    {
        LoadRoutes();
        Twice<TSums> sums = default;
        var previous = 0;
        for (var step = 0; step < Steps; step++, used++)
        {
            var stage = used % TShape.Stages;
            AsyncBarrier.Wait(Memory.Full(stage), (used / TShape.Stages) & 1);
            Warpgroup.FenceForTensorCores();
            var rows = Memory.Stage(stage) + (uint)(Index * TiledProduct.Rows * TiledProduct.RowBytes);
            sums = TiledProduct.Step(
                sums, TiledProduct.Describe(rows), TiledProduct.Describe(rows + (128 * TiledProduct.RowBytes)), TiledProduct.Describe(Memory.Tokens(stage)));

            // The step before this one has ended: its stage can be filled again.
            if (step > 0 && Thread == 0)
            {
                AsyncBarrier.Arrive(Memory.Empty(previous));
            }

            previous = stage;
        }

        sums = TiledProduct.Wait(sums);
        if (Thread == 0)
        {
            AsyncBarrier.Arrive(Memory.Empty(previous));
        }

        Finish(sums);
        return used;
    }

    /// <summary>Slots and weights of the item's routes, for the end.</summary>
    private readonly void LoadRoutes()
    {
        // What the item before this one left there has been read by all.
        Warpgroup.Barrier(1 + Index);
        if (Thread < Item.Count)
        {
            var slot = GlobalMemory.LoadInt(Order + (4L * (Item.Begin + Thread)));
            BlockMemory.StoreInt(Memory.Slots(Index) + (uint)(4 * Thread), slot);
            BlockMemory.StoreFloat(Memory.Weights(Index) + (uint)(4 * Thread), GlobalMemory.LoadFloat(Weights + (4L * slot)));
        }

        Warpgroup.Barrier(1 + Index);
    }

    private readonly void Finish<TSums>(Twice<TSums> sums)
        where TSums : struct, ITileSums<TSums>
    {
        var (lane, warp) = (Group.IdxX & 31, Thread >> 5);
        var end = new TileEnd
        {
            Weights = Memory.Weights(Index) + (uint)((lane & 3) * 8),
            Place = Memory.Results(Index) + (uint)(((lane & 7) * TiledProduct.RowBytes) + ((((2 * warp) + ((lane >> 3) & 1)) ^ (lane & 7)) << 4)),
        };
        var first = Registers.First<Twice<TSums>, TSums>(sums);
        var second = Registers.Last<Twice<TSums>, TSums>(sums);
        var column = Item.Column + (Index * TiledProduct.Rows);
        var row = (16 * warp) + (lane >> 2);
        if (TRole.IsDown)
        {
            end = WithBias(end, (long)Item.Expert * Width, column + row, 0);
            TSums.Finish(first, end, 0);
            Write(column);
            end = WithBias(end, (long)Item.Expert * Width, column + 128 + row, 0);
            Warpgroup.Barrier(1 + Index);
            TSums.Finish(second, end, 0);
            Write(column + 128);
        }
        else if (TActivation.IsGated)
        {
            end = WithBias(end, 2L * Item.Expert * Width, column + row, Width);
            TSums.Finish(Activation, first, second, end, 0);
            Write(column);
        }
        else
        {
            end = WithBias(end, (long)Item.Expert * Width, column + row, 0);
            TSums.Finish(Activation, first, end, 0);
            Write(column);
            end = WithBias(end, (long)Item.Expert * Width, column + 128 + row, 0);
            Warpgroup.Barrier(1 + Index);
            TSums.Finish(Activation, second, end, 0);
            Write(column + 128);
        }
    }

    private readonly TileEnd WithBias(TileEnd end, long expertRows, int row, int upOffset)
    {
        if (Bias == 0)
        {
            return end;
        }

        var address = Bias + (2 * (expertRows + row));
        end.GateBias = GlobalMemory.LoadBrainFloat(address);
        end.LowerGateBias = GlobalMemory.LoadBrainFloat(address + 16);
        if (upOffset != 0)
        {
            end.UpBias = GlobalMemory.LoadBrainFloat(address + (2L * upOffset));
            end.LowerUpBias = GlobalMemory.LoadBrainFloat(address + (2L * upOffset) + 16);
        }

        return end;
    }

    /// <summary>64 columns of all routes from shared memory to the result, 16 bytes a thread.</summary>
    private readonly void Write(int column)
    {
        Warpgroup.Barrier(1 + Index);
        for (var piece = Thread; piece < 8 * Item.Count; piece += Warpgroup.Threads)
        {
            var token = piece >> 3;
            var part = piece & 7;
            var row = TRole.IsDown ? BlockMemory.LoadInt(Memory.Slots(Index) + (uint)(4 * token)) : Item.Begin + token;
            var bits = BlockMemory.LoadBits4(Memory.Results(Index) + (uint)((token * TiledProduct.RowBytes) + ((part ^ (token & 7)) << 4)));
            GlobalMemory.StoreBits4(Output + (2 * (((long)row * Width) + column + (8 * part))), bits);
        }
    }
}
