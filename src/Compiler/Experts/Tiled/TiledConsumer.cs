using ILGPU;

namespace Moesaic.Kernels;

/// <summary>A warpgroup of <see cref="TiledKernel"/> that multiplies, at work on one item.</summary>
internal struct TiledConsumer<TActivation, TRole>
    where TActivation : struct, IExpertActivation
    where TRole : struct, ITiledRole
{
    internal TiledMemory Memory;
    internal TActivation Activation;
    internal long Bias;
    internal long Output;
    internal int Width;
    internal TiledItem Item;

    /// <summary>Where the item lies in shared memory.</summary>
    internal int Place;

    internal int Steps;

    /// <summary>0 or 1 of the groups that multiply.</summary>
    private static int Index => (Group.IdxX >> 7) - 1;

    private static int Thread => Group.IdxX & 127;

    /// <summary>Does the item, tokens on the right; <paramref name="used"/> stages were used before it.</summary>
    internal readonly int Run<TSums>(int used)
        where TSums : struct, ITileSums<TSums>
    {
        Twice<TSums> sums = default;
        for (var step = 0; step < Steps; step++, used++)
        {
            var stage = used % TiledMemory.Stages;
            WaitFor(stage, used);
            var rows = Memory.Stage(stage) + (uint)(Index * TiledProduct.Rows * TiledProduct.RowBytes);
            sums = TiledProduct.Step(
                sums, TiledProduct.Describe(rows), TiledProduct.Describe(rows + (128 * TiledProduct.RowBytes)), TiledProduct.Describe(Memory.Tokens(stage)));
            ReleaseStepBefore(step, used);
        }

        sums = TiledProduct.Wait(sums);
        Release(used - 1);
        Finish(sums);
        return used;
    }

    /// <summary>The same with tokens on the left: for items that are full.</summary>
    internal readonly int RunRows<TSums>(int used)
        where TSums : struct, ITileSums<TSums>
    {
        Twice<TSums> sums = default;
        for (var step = 0; step < Steps; step++, used++)
        {
            var stage = used % TiledMemory.Stages;
            WaitFor(stage, used);
            var tokens = Memory.Tokens(stage) + (uint)(Index * TiledProduct.Rows * TiledProduct.RowBytes);
            sums = TiledProduct.StepOfRows(sums, TiledProduct.Describe(tokens), TiledProduct.Describe(Memory.Stage(stage)));
            ReleaseStepBefore(step, used);
        }

        sums = TiledProduct.Wait(sums);
        Release(used - 1);
        FinishRows(sums);
        return used;
    }

    private readonly void WaitFor(int stage, int used)
    {
        AsyncBarrier.Wait(Memory.Full(stage), (used / TiledMemory.Stages) & 1);
        if (!TRole.IsDown)
        {
            Warpgroup.FenceForTensorCores();
        }
    }

    /// <summary>The step before this one has ended: its stage can be filled again.</summary>
    private readonly void ReleaseStepBefore(int step, int used)
    {
        if (step > 0)
        {
            Release(used - 1);
        }
    }

    private readonly void Release(int used)
    {
        if (Thread == 0)
        {
            AsyncBarrier.Arrive(Memory.Empty(used % TiledMemory.Stages));
        }
    }

    private readonly void Finish<TSums>(Twice<TSums> sums)
        where TSums : struct, ITileSums<TSums>
    {
        var (lane, warp) = (Group.IdxX & 31, Thread >> 5);
        var end = new TileEnd
        {
            Weights = Memory.Weights(Place) + (uint)((lane & 3) * 8),
            Place = Memory.Results(Index) + (uint)(((lane & 7) * TiledProduct.RowBytes) + ((((2 * warp) + ((lane >> 3) & 1)) ^ (lane & 7)) << 4)),
        };
        var first = Registers.First<Twice<TSums>, TSums>(sums);
        var second = Registers.Last<Twice<TSums>, TSums>(sums);

        // What the item before this one left there has been read by all.
        Warpgroup.Barrier(1 + Index);
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
            var row = TRole.IsDown ? BlockMemory.LoadInt(Memory.Rows(Place) + (uint)(4 * token)) : Item.Begin + token;
            var bits = BlockMemory.LoadBits4(Memory.Results(Index) + (uint)((token * TiledProduct.RowBytes) + ((part ^ (token & 7)) << 4)));
            GlobalMemory.StoreBits4(Output + (2 * (((long)row * Width) + column + (8 * part))), bits);
        }
    }

    private readonly void FinishRows<TSums>(Twice<TSums> sums)
        where TSums : struct, ITileSums<TSums>
    {
        var (lane, warp) = (Group.IdxX & 31, Thread >> 5);
        var row = (16 * warp) + (lane & 15);
        var token = (64 * Index) + (16 * warp) + (lane >> 2);
        var end = new RowsEnd
        {
            Weight = BlockMemory.LoadFloat(Memory.Weights(Place) + (uint)(4 * token)),
            LowerWeight = BlockMemory.LoadFloat(Memory.Weights(Place) + (uint)(4 * token) + 32),
            Place = Memory.Results(Index) + (uint)((row * 2 * TiledProduct.RowBytes) + ((row & 7) << 4)),
        };
        var first = Registers.First<Twice<TSums>, TSums>(sums);
        var second = Registers.Last<Twice<TSums>, TSums>(sums);
        var column = (lane & 3) * 2;

        // What the item before this one left there has been read by all.
        Warpgroup.Barrier(1 + Index);
        if (!TRole.IsDown && TActivation.IsGated)
        {
            end.UpOffset = 2L * Width;
            end.Biases = Bias == 0 ? 0 : Bias + (2 * ((2L * Item.Expert * Width) + Item.Column + column));
            TSums.FinishRows(Activation, first, second, end, 0);
            WriteRows(Item.Column);
            return;
        }

        end.Biases = Bias == 0 ? 0 : Bias + (2 * (((long)Item.Expert * Width) + Item.Column + column));
        if (TRole.IsDown)
        {
            TSums.FinishRows(first, end, 0);
        }
        else
        {
            TSums.FinishRows(Activation, first, end, 0);
        }

        WriteRows(Item.Column);
        end.Biases = Bias == 0 ? 0 : end.Biases + 256;
        Warpgroup.Barrier(1 + Index);
        if (TRole.IsDown)
        {
            TSums.FinishRows(second, end, 0);
        }
        else
        {
            TSums.FinishRows(Activation, second, end, 0);
        }

        WriteRows(Item.Column + 128);
    }

    /// <summary>128 columns of the group's 64 routes from shared memory to the result, 16 bytes a thread.</summary>
    private readonly void WriteRows(int column)
    {
        Warpgroup.Barrier(1 + Index);
        var part = Thread & 15;
        for (var row = Thread >> 4; row < 64; row += 8)
        {
            var token = (64 * Index) + row;
            if (token < Item.Count)
            {
                var to = TRole.IsDown ? BlockMemory.LoadInt(Memory.Rows(Place) + (uint)(4 * token)) : Item.Begin + token;
                var bits = BlockMemory.LoadBits4(Memory.Results(Index) + (uint)((row * 2 * TiledProduct.RowBytes) + ((part ^ (row & 7)) << 4)));
                GlobalMemory.StoreBits4(Output + (2 * (((long)to * Width) + column + (8 * part))), bits);
            }
        }
    }
}
