using System.Globalization;
using Moesaic.Kernels;
using Moesaic.Native;
using static TorchSharp.torch;

namespace Moesaic.Benchmarks.Experts;

/// <summary>The kernels of decoding steps against the same on tensors, and how long they take.</summary>
internal static class DecodeChecks
{
    // Copies of what is read, so that no launch finds it in a cache.
    private const int Copies = 8;

    private static bool _failed;

    internal static int Run()
    {
        using var inference = inference_mode();
        Try("norms", Norms);
        Try("products", Products);
        Try("attention", Attention);
        Try("capture", Capture);
        Try("time of norms", TimeNorms);
        Try("time of products", TimeProducts);
        Try("time of attention", TimeAttention);
        Try("time of attention modules", TimeAttentionModule);
        return _failed ? 1 : 0;
    }

    /// <summary>Each kernel, at sizes that a memory checker can bear.</summary>
    internal static int RunFew()
    {
        using var inference = inference_mode();
        Try("norms", Norms);
        Try("products", Products);
        Try("attention", Attention);
        return _failed ? 1 : 0;
    }

    private static void Norms()
    {
        foreach (var (rows, width) in new[] { (1, 2048), (64, 2048), (3, 7168), (640, 128) })
        {
            using var scope = NewDisposeScope();
            var (x, weight) = (Normal(3, rows, width), Normal(1, width));
            var expected = RmsNorm.Unweighted(x, 1e-6) * weight;
            Compare($"norm {rows} x {width}", SmallBatch.RmsNorm(x, weight, 1e-6), expected, 1e-2);
        }
    }

    private static void Products()
    {
        foreach (var rows in new[] { 1, 3, 8, 11, 16 })
        {
            foreach (var (depth, a, b, c) in new[] { (2048, 4096, 512, 512), (4096, 2048, 32, 48), (288, 100, 17, 40) })
            {
                using var scope = NewDisposeScope();
                using var first = Linear(depth, a, bias: true);
                using var second = Linear(depth, b, bias: false);
                using var third = Linear(depth, c, bias: true);
                var x = Normal(1, rows, depth);
                Compare($"product {rows} x {depth} x {a}", SmallBatch.Linear(x, first.Weight, first.Bias), Wide(first, x), 1e-2);
                if (SmallBatch.Linear(x, first, second, third) is not var (p, q, r))
                {
                    Compare($"three products {rows} x {depth}", null, x, 0);
                    continue;
                }

                Compare($"three products {rows} x {depth}: {a}", p, Wide(first, x), 1e-2);
                Compare($"three products {rows} x {depth}: {b}", q, Wide(second, x), 1e-2);
                Compare($"three products {rows} x {depth}: {c}", r, Wide(third, x), 1e-2);
            }
        }
    }

    private static void Attention()
    {
        foreach (var (batch, heads, keyHeads, width, length, window, cap, sinks, interleaved) in new[]
        {
            (1, 32, 4, 128, 0, 0, 0.0, false, false), (1, 32, 4, 128, 1, 0, 0.0, false, false), (1, 32, 4, 128, 511, 0, 0.0, false, false),
            (3, 32, 4, 128, 700, 0, 0.0, false, false), (64, 32, 4, 128, 300, 0, 0.0, false, true), (2, 16, 16, 128, 100, 0, 0.0, false, false),
            (2, 64, 8, 64, 400, 128, 0.0, true, false), (1, 64, 4, 128, 900, 0, 30.0, false, false), (1, 8, 1, 64, 1000, 77, 0.0, true, true),
            (2, 32, 4, 128, 15, 0, 0.0, false, false), (2, 32, 4, 128, 16, 0, 0.0, false, false),
        })
        {
            using var scope = NewDisposeScope();
            var call = Call(batch, heads, keyHeads, width, length, 1024, interleaved);
            call = call with { Window = window == 0 ? null : window, ScoreCap = cap == 0 ? null : cap, Sinks = sinks ? Normal(1, heads) : null };
            var (keys, values) = (call.Keys.clone(), call.Values.clone());
            var expected = Reference(call with { Keys = keys, Values = values }, length);
            var name = $"attention {batch} of {heads}/{keyHeads} x {width}, {length} before, window {window}, cap {cap}, sinks {sinks}";
            Compare(name, DecodeAttention.Run(call), expected, 2e-2);
            Compare($"{name}: keys", call.Keys, keys, 2e-2);
            Compare($"{name}: values", call.Values, values, 0);
            using var again = DecodeAttention.Run(call);
            using var once = DecodeAttention.Run(call);
            Compare($"{name}: again", again, once!, 0);
        }
    }

    private static void Capture()
    {
        using var scope = NewDisposeScope();
        using var stream = new CudaStream(CudaDevice.Open(0));
        var x = ones(4, 4, device: CUDA);
        var y = zeros(4, 4, device: CUDA);
        cuda.synchronize();
        using var use = stream.Enter();
        void Work()
        {
            using var sum = x + 1;
            using var product = sum.mm(sum);
            y.copy_(product);
            x.add_(1);
        }

        Work();
        using var graph = CudaGraph.Capture(stream, Work);
        for (var i = 0; i < 3; i++)
        {
            graph.Launch();
        }

        stream.Synchronize();
        Compare("replayed", y, full(4, 4, 4 * 25.0, device: CUDA), 1e-6);
    }

    private static void TimeNorms()
    {
        using var timer = new Timer();
        foreach (var (rows, width) in new[] { (1, 2048), (64, 2048) })
        {
            using var scope = NewDisposeScope();
            var (x, weight) = (Normal(3, rows, width), Normal(1, width));
            Show($"norm {rows} x {width}", timer.Microseconds(() => SmallBatch.RmsNorm(x, weight, 1e-6)!.Dispose()), 0);
            Show($"norm {rows} x {width}, chained", timer.Microseconds(() =>
            {
                using var y = SmallBatch.RmsNorm(x, weight, 1e-6)!;
                using var z = SmallBatch.RmsNorm(y, weight, 1e-6)!;
                SmallBatch.RmsNorm(z, weight, 1e-6)!.Dispose();
            }) / 3, 0);
            Show($"addition {rows} x {width} of libtorch", timer.Microseconds(() => (x + x).Dispose()), 0);
        }
    }

    private static void TimeProducts()
    {
        using var timer = new Timer();
        foreach (var (depth, columns) in new[] { (2048, 5120), (4096, 2048), (2048, 128), (4096, 6144) })
        {
            using var scope = NewDisposeScope();
            var weights = Enumerable.Range(0, Copies).Select(_ => Normal(0.02, columns, depth)).ToArray();
            var bytes = 2.0 * depth * columns;
            foreach (var rows in new[] { 1, 8, 16 })
            {
                var x = Normal(1, rows, depth);
                Show($"product {rows} x {depth} x {columns}, libtorch", timer.Microseconds(() =>
                {
                    foreach (var weight in weights)
                    {
                        nn.functional.linear(x, weight).Dispose();
                    }
                }) / Copies, bytes);
                Show($"product {rows} x {depth} x {columns}", timer.Microseconds(() =>
                {
                    foreach (var weight in weights)
                    {
                        SmallBatch.Linear(x, weight, null)!.Dispose();
                    }
                }) / Copies, bytes);
            }
        }
    }

    private static void TimeAttention()
    {
        using var timer = new Timer();
        foreach (var (batch, length, capacity) in new[] { (1, 512, 1024), (8, 512, 1024), (64, 512, 1024), (1, 8000, 8192), (1, 32000, 32768) })
        {
            using var scope = NewDisposeScope();
            var calls = Enumerable.Range(0, batch == 1 && capacity > 9000 ? 2 : 4).Select(_ => Call(batch, 32, 4, 128, length, capacity, false)).ToArray();
            Show($"attention {batch} rows, {length} before", timer.Microseconds(() =>
            {
                foreach (var call in calls)
                {
                    DecodeAttention.Run(call)!.Dispose();
                }
            }) / calls.Length, 4.0 * batch * 4 * 128 * length);
        }
    }

    /// <summary>What a layer does before its experts.</summary>
    private static void TimeAttentionModule()
    {
        using var timer = new Timer();
        foreach (var batch in new[] { 1, 8 })
        {
            using var scope = NewDisposeScope();
            var calls = Enumerable.Range(0, 4).Select(_ => Call(batch, 32, 4, 128, 512, 1024, false)).ToArray();
            var linears = calls.Select(static _ => (Query: Linear(2048, 4096, false), Key: Linear(2048, 512, false), Value: Linear(2048, 512, false), Output: Linear(4096, 2048, false))).ToArray();
            var (x, norm) = (Normal(1, batch, 2048), Normal(1, 2048));
            Show($"norm, products and attention {batch} rows, 512 before, addition", timer.Microseconds(() =>
            {
                foreach (var (call, linear) in calls.Zip(linears))
                {
                    using var each = NewDisposeScope();
                    SmallBatch.Linear(SmallBatch.RmsNorm(x, norm, 1e-6)!, linear.Query, linear.Key, linear.Value);
                    var y = SmallBatch.Linear(DecodeAttention.Run(call)!, linear.Output.Weight, null)!;
                    _ = y + y;
                }
            }) / calls.Length, 0);
            foreach (var (query, key, value, output) in linears)
            {
                query.Dispose();
                key.Dispose();
                value.Dispose();
                output.Dispose();
            }
        }
    }

    private static DecodeAttentionCall Call(int batch, int heads, int keyHeads, int width, int length, int capacity, bool interleaved)
    {
        var position = tensor([(long)length], device: CUDA);
        var queryNorm = new RmsNorm(width, 1e-6);
        var keyNorm = new RmsNorm(width, 1e-6);
        queryNorm.Replace(queryNorm.Parameters[0], Normal(0.5, width).DetachFromDisposeScope());
        keyNorm.Replace(keyNorm.Parameters[0], Normal(0.5, width).DetachFromDisposeScope());
        var projected = Normal(1, batch, 1, (heads + (2 * keyHeads)) * width);
        Tensor Heads(int start, int count) => projected.narrow(2, start * width, count * width).view(batch, 1, count, width).transpose(1, 2);
        var cache = new GenerationCache();
        var rotation = new RotaryEmbedding(new RopeParameters { Theta = 10000, MaxPositionEmbeddings = 65536 }, width, interleaved);
        cache.Fix(capacity, CUDA);
        cache.Place!.Position.copy_(position);
        return new(
            Heads(0, heads), Heads(heads, keyHeads), Heads(heads + keyHeads, keyHeads),
            Normal(1, batch, keyHeads, capacity, width), Normal(1, batch, keyHeads, capacity, width), cache.Place.Position)
        {
            QueryNorm = queryNorm,
            KeyNorm = keyNorm,
            Rotation = rotation,
            Context = new AttentionContext(batch, 1, CUDA, cache),
            Scale = 1 / Math.Sqrt(width),
        };
    }

    /// <summary>Stage by stage, as GroupedQueryAttention does; [B, 1, H · d] float32.</summary>
    private static Tensor Reference(in DecodeAttentionCall call, int length)
    {
        var query = call.Rotation.Apply(call.QueryNorm!.forward(call.Query.contiguous()), call.Context);
        var key = call.Rotation.Apply(call.KeyNorm!.forward(call.Key.contiguous()), call.Context);
        call.Keys.index_copy_(2, call.Position, key);
        call.Values.index_copy_(2, call.Position, call.Value.contiguous());
        var start = call.Window is { } window ? Math.Max(0, length + 1 - window) : 0;
        var (keys, values) = (call.Keys.narrow(2, start, length + 1 - start).to(float32), call.Values.narrow(2, start, length + 1 - start).to(float32));
        var seen = ScaledDotProduct.Attend(query.to(float32), keys, values, call.Scale, null, call.ScoreCap, call.Sinks?.to(float32));
        return seen.transpose(1, 2).flatten(2);
    }

    private static Tensor Normal(double scale, params long[] shape) => empty(shape, ScalarType.BFloat16, CUDA).normal_(0, scale);

    private static Linear Linear(int depth, int columns, bool bias)
    {
        var linear = new Linear(depth, columns, bias);
        linear.Replace(linear.Parameters[0], Normal(1 / Math.Sqrt(depth), columns, depth).DetachFromDisposeScope());
        if (bias)
        {
            linear.Replace(linear.Parameters[1], Normal(1, columns).DetachFromDisposeScope());
        }

        return linear;
    }

    private static Tensor Wide(Linear linear, Tensor x) =>
        nn.functional.linear(x.to(float64), linear.Weight.to(float64), linear.Bias?.to(float64));

    private static void Compare(string name, Tensor? actual, Tensor expected, double tolerance)
    {
        if (actual is null)
        {
            Console.WriteLine($"FAIL {name}: not taken");
            _failed = true;
            return;
        }

        var (a, b) = (actual.to(float64), expected.to(float64));
        var error = ((a - b).abs().max() / b.abs().max()).item<double>();
        var passes = error <= tolerance;
        _failed |= !passes;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(passes ? "ok  " : "FAIL")} {name}: {error:E1}"));
    }

    private static void Show(string name, double microseconds, double bytes) => Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"time {name}: {microseconds:F2} us{(bytes > 0 ? $", {bytes / microseconds / 1e3:F0} GB/s" : "")}"));

    private static void Try(string name, Action check)
    {
        try
        {
            check();
        }
        catch (Exception e) when (e is MoesaicException or InvalidOperationException or ArgumentException or System.Runtime.InteropServices.ExternalException or NullReferenceException)
        {
            Console.WriteLine($"FAIL {name}: {e}");
            _failed = true;
        }
    }

    /// <summary>Device time of work in a graph, sixteen times in a row.</summary>
    private sealed class Timer : IDisposable
    {
        private const int Times = 16;

        private readonly CudaStream _stream = new(CudaDevice.Open(0));

        internal double Microseconds(Action work)
        {
            cuda.synchronize();
            using var use = _stream.Enter();
            work();
            using var graph = CudaGraph.Capture(_stream, () =>
            {
                for (var i = 0; i < Times; i++)
                {
                    work();
                }
            });
            return 1e3 * GpuTimer.Time(graph.Launch, _stream.Handle) / Times;
        }

        public void Dispose() => _stream.Dispose();
    }
}
