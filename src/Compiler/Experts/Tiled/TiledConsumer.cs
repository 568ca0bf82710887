using ILGPU;

namespace Moesaic.Kernels;

/// <summary>A warpgroup of <see cref="TiledKernel"/> that multiplies, at work on one item.</summary>
internal struct TiledConsumer<TActivation, TRole, TBlocks>
    where TActivation : struct, IExpertActivation
    where TRole : struct, ITiledRole
    where TBlocks : struct, ITiledBlocks
{
    internal TiledMemory Memory;
    internal TActivation Activation;
    internal long Bias;
    internal int Width;
    internal TiledItem Item;

    /// <summary>Where the item lies in shared memory.</summary>
    internal int Place;

    internal int Steps;

    /// <summary>0 or 1 of the groups that multiply.</summary>
    private static int Index => (Group.IdxX >> 7) - 1;

    private static int Warp => (Group.IdxX & 127) >> 5;

    private static int Lane => Group.IdxX & 31;

    private static bool IsGated => !TRole.IsDown && TActivation.IsGated;

    /// <summary>Does the item, tokens on the right: any number of them. The next stage to be used is <paramref name="stage"/>.</summary>
    /// <remarks>A group has 64 rows of either half of the weights.</remarks>
    internal readonly RingPlace Run<TSums>(RingPlace stage)
        where TSums : struct, ITileSums<TSums>
    {
        Twice<TSums> sums = default;
        var last = 0;
        for (var step = 0; step < Steps; step++)
        {
            AsyncBarrier.Wait(Memory.Full(stage.Index), stage.Phase);
            var rows = Memory.Stage(stage.Index) + (uint)(Index * TiledProduct.Rows * TiledProduct.RowBytes);
            sums = TiledProduct.Step<TSums, TRole>(
                sums, TiledProduct.Describe(rows), TiledProduct.Describe(rows + (128 * TiledProduct.RowBytes)), TiledProduct.Describe(Memory.Tokens(stage.Index)));
            ReleaseStepBefore(step, last);
            last = stage.Index;
            stage = stage.Next(Memory.StageCount);
        }

        sums = TiledProduct.Wait(sums);
        Release(last);
        Finish(Registers.First<Twice<TSums>, TSums>(sums), Registers.Last<Twice<TSums>, TSums>(sums), stage);
        return stage.Skip(TiledKernel.ResultStages(IsGated), Memory.StageCount);
    }

    /// <summary>The same with tokens on the left: 128 of them, 64 a group.</summary>
    /// <remarks>It reads less shared memory for what it computes.</remarks>
    internal readonly RingPlace RunFull(RingPlace stage)
    {
        Twice<Tokens128> sums = default;
        var last = 0;
        for (var step = 0; step < Steps; step++)
        {
            AsyncBarrier.Wait(Memory.Full(stage.Index), stage.Phase);
            var tokens = Memory.Tokens(stage.Index) + (uint)(Index * TiledProduct.Rows * TiledProduct.RowBytes);
            sums = TiledProduct.StepOfTokens<Tokens128, TRole>(sums, TiledProduct.Describe(tokens), TiledProduct.Describe(Memory.Stage(stage.Index)));
            ReleaseStepBefore(step, last);
            last = stage.Index;
            stage = stage.Next(Memory.StageCount);
        }

        sums = TiledProduct.Wait(sums);
        Release(last);
        var (first, second) = (Registers.First<Twice<Tokens128>, Tokens128>(sums), Registers.Last<Twice<Tokens128>, Tokens128>(sums));
        if (Bias == 0)
        {
            FinishFull<WithoutBias>(first, second, stage);
        }
        else
        {
            FinishFull<WithBias>(first, second, stage);
        }

        return stage.Skip(TiledKernel.ResultStages(IsGated), Memory.StageCount);
    }

    /// <summary>The step before this one has ended: its stage can be filled again.</summary>
    private readonly void ReleaseStepBefore(int step, int last)
    {
        if (step > 0)
        {
            Release(last);
        }
    }

    private readonly void Release(int stage) => Memory.Release<TBlocks>(stage, Group.IdxX & 127);

    /// <summary>Waits for the stages of the results, and says how far the second one is from the first.</summary>
    private readonly uint WaitForResults(RingPlace stage)
    {
        AsyncBarrier.Wait(Memory.Full(stage.Index), stage.Phase);
        if (IsGated)
        {
            return 0;
        }

        var second = stage.Next(Memory.StageCount);
        AsyncBarrier.Wait(Memory.Full(second.Index), second.Phase);
        return Memory.Stage(second.Index) - Memory.Stage(stage.Index);
    }

    private readonly void Finish<TSums>(TSums first, TSums second, RingPlace stage)
        where TSums : struct, ITileSums<TSums>
    {
        var column = (TiledProduct.Rows * Index) + (16 * Warp) + (8 * ((Lane >> 3) & 1));
        var end = new TokensRightEnd<TActivation, TRole>
        {
            Activation = Activation,
            Row = Memory.Stage(stage.Index) + (uint)(((Lane & 7) * TiledMemory.ResultBytes) + (2 * column)),
            Weights = Memory.Weights(Place) + (uint)((Lane & 3) * 8),
        };
        var row = (TiledProduct.Rows * Index) + (16 * Warp) + (Lane >> 2);
        var next = WaitForResults(stage);
        TSums.Finish(first, second, WithBias(end, row), 0);
        if (!IsGated)
        {
            end.Row += next;
            TSums.Finish(second, second, WithBias(end, row + 128), 0);
        }

        AsyncBarrier.FenceCopies();
        AsyncBarrier.Arrive(Memory.ResultsFull);
    }

    private readonly TokensRightEnd<TActivation, TRole> WithBias(TokensRightEnd<TActivation, TRole> end, int row)
    {
        if (Bias == 0)
        {
            return end;
        }

        var address = Biases + (2L * row);
        end.Bias = TRole.Load(address);
        end.LowerBias = TRole.Load(address + 16);
        if (IsGated)
        {
            end.UpBias = TRole.Load(address + (2L * Width));
            end.LowerUpBias = TRole.Load(address + (2L * Width) + 16);
        }

        return end;
    }

    private readonly void FinishFull<TBias>(Tokens128 first, Tokens128 second, RingPlace stage)
        where TBias : struct, ITileBias
    {
        var token = (TiledProduct.Rows * Index) + (16 * Warp);
        var weight = Memory.Weights(Place) + (uint)(4 * (token + (Lane >> 2)));
        var end = new TokensLeftEnd<TActivation, TRole, TBias>
        {
            Activation = Activation,
            Row = Memory.Stage(stage.Index) + (uint)((token + (Lane & 15)) * TiledMemory.ResultBytes),
            Weight = BlockMemory.LoadFloat(weight),
            LowerWeight = BlockMemory.LoadFloat(weight + 32),
            Biases = Biases + ((Lane & 3) * 4),
            UpOffset = 2L * Width,
        };
        var next = WaitForResults(stage);
        Tokens128.Finish(first, second, end, 0);
        if (!IsGated)
        {
            end.Biases += 256;
            end.Row += next;
            Tokens128.Finish(second, second, end, 0);
        }

        AsyncBarrier.FenceCopies();
        AsyncBarrier.Arrive(Memory.ResultsFull);
    }

    /// <summary>Those of the item's first column.</summary>
    private readonly long Biases => Bias + (2 * (((IsGated ? 2L : 1L) * Item.Expert * Width) + Item.Column));
}
