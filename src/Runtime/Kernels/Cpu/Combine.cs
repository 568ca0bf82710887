using System.Runtime.CompilerServices;

namespace Moesaic.Kernels.Cpu;

/// <summary>Σ_k weight[t, k] · output[row of (t, k)] in float32, in the order of the routes, rounded once.</summary>
[SkipLocalsInit]
internal static unsafe class Combine<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    // Elements summed before they are rounded: they stay in the first cache.
    private const int Chunk = 512;

    private static int Lanes => sizeof(TVector) / sizeof(float);

    /// <summary>The result of one token.</summary>
    internal static void Run(in CombineCall call, int token)
    {
        var sum = stackalloc float[Chunk];
        var weights = call.Weights(token);
        for (var start = 0; start < call.HiddenSize; start += Chunk)
        {
            var count = Math.Min(Chunk, call.HiddenSize - start);
            new Span<float>(sum, count).Clear();
            for (var k = 0; k < call.TopK; k++)
            {
                var row = call.Rows.RowOfRoute[(token * call.TopK) + k];
                var few = call.Few(row);
                if (few != null)
                {
                    Add(sum, few + start, weights[k], count);
                }
                else if (call.IsBfloat16)
                {
                    Add(sum, (ushort*)call.Many(row) + start, weights[k], count);
                }
                else
                {
                    Add(sum, (float*)call.Many(row) + start, weights[k], count);
                }
            }

            if (call.IsBfloat16)
            {
                Bfloat16Rows<TLanes, TVector>.Store(sum, (ushort*)call.Result(token) + start, count);
            }
            else
            {
                Buffer.MemoryCopy(sum, (float*)call.Result(token) + start, count * sizeof(float), count * sizeof(float));
            }
        }
    }

    private static void Add(float* sum, float* row, float weight, int count)
    {
        var weights = TLanes.Broadcast(weight);
        var i = 0;
        for (; i + Lanes <= count; i += Lanes)
        {
            TLanes.Store(TLanes.MultiplyAdd(weights, TLanes.Load(row + i), TLanes.Load(sum + i)), sum + i);
        }

        for (; i < count; i++)
        {
            sum[i] = MathF.FusedMultiplyAdd(weight, row[i], sum[i]);
        }
    }

    private static void Add(float* sum, ushort* row, float weight, int count)
    {
        var weights = TLanes.Broadcast(weight);
        var i = 0;
        for (; i + (2 * Lanes) <= count; i += 2 * Lanes)
        {
            var (first, second) = TLanes.LoadBfloat16InOrder((byte*)(row + i));
            TLanes.Store(TLanes.MultiplyAdd(weights, first, TLanes.Load(sum + i)), sum + i);
            TLanes.Store(TLanes.MultiplyAdd(weights, second, TLanes.Load(sum + i + Lanes)), sum + i + Lanes);
        }

        for (; i < count; i++)
        {
            sum[i] = MathF.FusedMultiplyAdd(weight, Bfloat16.ToSingle(row[i]), sum[i]);
        }
    }
}
