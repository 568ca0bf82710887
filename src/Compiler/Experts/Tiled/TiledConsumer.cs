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

    private static bool IsGated => !TRole.IsDown && TActivation.IsGated;

    private readonly TileWriter Writer => new()
    {
        Results = Memory.Results(Index),
        Barrier = 1 + Index,
        Rows = TRole.IsDown ? Memory.Rows(Place) : 0u,
        FirstRow = Item.Begin,
        Count = Item.Count,
        Output = Output + (2L * Item.Column),
        OutputRowBytes = 2L * Width,
    };

    /// <summary>Does the item, tokens on the right: any number of them. <paramref name="used"/> stages were used before it.</summary>
    /// <remarks>A group has 64 rows of either half of the weights.</remarks>
    internal readonly int Run<TSums>(int used)
        where TSums : struct, ITileSums<TSums>
    {
        Twice<TSums> sums = default;
        for (var step = 0; step < Steps; step++, used++)
        {
            var stage = WaitFor(used);
            var rows = Memory.Stage(stage) + (uint)(Index * TiledProduct.Rows * TiledProduct.RowBytes);
            sums = TiledProduct.Step<TSums, TRole>(
                sums, TiledProduct.Describe(rows), TiledProduct.Describe(rows + (128 * TiledProduct.RowBytes)), TiledProduct.Describe(Memory.Tokens(stage)));
            ReleaseStepBefore(step, used);
        }

        sums = TiledProduct.Wait(sums);
        Release(used - 1);
        Finish(Registers.First<Twice<TSums>, TSums>(sums), Registers.Last<Twice<TSums>, TSums>(sums));
        return used;
    }

    /// <summary>The same with tokens on the left: 128 of them, 64 a group.</summary>
    /// <remarks>It reads less shared memory for what it computes, which is what limits the other.</remarks>
    internal readonly int RunFull(int used)
    {
        Twice<Tokens128> sums = default;
        for (var step = 0; step < Steps; step++, used++)
        {
            var stage = WaitFor(used);
            var tokens = Memory.Tokens(stage) + (uint)(Index * TiledProduct.Rows * TiledProduct.RowBytes);
            sums = TiledProduct.StepOfTokens<Tokens128, TRole>(sums, TiledProduct.Describe(tokens), TiledProduct.Describe(Memory.Stage(stage)));
            ReleaseStepBefore(step, used);
        }

        sums = TiledProduct.Wait(sums);
        Release(used - 1);
        FinishFull(Registers.First<Twice<Tokens128>, Tokens128>(sums), Registers.Last<Twice<Tokens128>, Tokens128>(sums));
        return used;
    }

    private readonly int WaitFor(int used)
    {
        var stage = TiledMemory.StageOf<TRole>(used);
        AsyncBarrier.Wait(Memory.Full(stage), TiledMemory.PhaseOf<TRole>(used));
        return stage;
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
        if ((Group.IdxX & 127) == 0)
        {
            AsyncBarrier.Arrive(Memory.Empty(TiledMemory.StageOf<TRole>(used)));
        }
    }

    private readonly void Finish<TSums>(TSums first, TSums second)
        where TSums : struct, ITileSums<TSums>
    {
        var end = new TokensRightEnd<TActivation, TRole>
        {
            Activation = Activation,
            Writer = Writer,
            Weights = Memory.Weights(Place) + (uint)((Group.IdxX & 3) * 8),
        };
        end.Writer.Output += 2L * Index * TiledProduct.Rows;
        end.Writer.NextTokens = TileWriter.Size;
        var lastRound = ((TSums.Tiles * 8) - 1) / TileWriter.Size;
        var row = (Index * TiledProduct.Rows) + (16 * ((Group.IdxX & 127) >> 5)) + ((Group.IdxX & 31) >> 2);
        end = WithBias(end, row);
        end.Writer.Begin();
        TSums.Finish(first, second, end, 0);
        end.Writer.Write(lastRound);
        if (!IsGated)
        {
            end = WithBias(end, row + 128);
            end.Writer.Output += 256;
            end.Writer.Begin();
            TSums.Finish(second, second, end, 0);
            end.Writer.Write(lastRound);
        }
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

    private readonly void FinishFull(Tokens128 first, Tokens128 second)
    {
        var token = (64 * Index) + (16 * ((Group.IdxX & 127) >> 5)) + ((Group.IdxX & 31) >> 2);
        var weight = Memory.Weights(Place) + (uint)(4 * token);
        var end = new TokensLeftEnd<TActivation, TRole>
        {
            Activation = Activation,
            Writer = Writer,
            Weight = BlockMemory.LoadFloat(weight),
            LowerWeight = BlockMemory.LoadFloat(weight + 32),
            Biases = Bias == 0 ? 0 : Biases + ((Group.IdxX & 3) * 4),
            UpOffset = 2L * Width,
        };
        end.Writer.FirstToken = 64 * Index;
        end.Writer.Begin();
        Tokens128.Finish(first, second, end, 0);
        end.Writer.Write(1);
        if (!IsGated)
        {
            end.Biases += Bias == 0 ? 0 : 256;
            end.Writer.Output += 256;
            end.Writer.Begin();
            Tokens128.Finish(second, second, end, 0);
            end.Writer.Write(1);
        }
    }

    /// <summary>Those of the item's first column.</summary>
    private readonly long Biases => Bias + (2 * (((IsGated ? 2L : 1L) * Item.Expert * Width) + Item.Column));
}
