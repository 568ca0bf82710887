using Moesaic.Native;
using static TorchSharp.torch;

namespace Moesaic.Tests.Native;

public sealed class DispatcherCallTests
{
    // libtorch says on standard error what it refused; these tests make it do so.
    [Fact]
    public void AnOperatorThatThrows_IsOneTypedError()
    {
        using var a = ones(2, 3);
        using var call = new DispatcherCall();
        var error = Assert.Throws<OperatorException>(() => call.Add(a).Add(a).Invoke("aten::mm"u8, ""u8));
        Assert.Equal("libtorch refused aten::mm; its own words are on standard error", error.Message);
    }

    [Fact]
    public void AnOperatorThatDoesNotExist_IsOneTypedError()
    {
        using var call = new DispatcherCall();
        Assert.Throws<OperatorException>(() => call.Add(1.0).Invoke("moesaic::no_such_operator"u8, ""u8));
    }

    [Fact]
    public void RefusedCalls_KeepNoTensor() => AssertKeepsNothing(static (call, numbers) =>
        Assert.Throws<OperatorException>(() => call.Add(numbers).Add(numbers).Invoke("aten::mm"u8, ""u8)));

    [Fact]
    public void CallsThatAreNeverMade_KeepNoTensor() => AssertKeepsNothing(static (call, numbers) =>
        call.Add(numbers).AddOptional(numbers).AddOptional(0.5).AddNone().Add(2.0).Add(true).Add(ScalarType.Float32).Add("text").Add([1, 2, 3]));

    /// <summary>Forty calls with 16 MB each: a reference kept by each of them would show.</summary>
    private static void AssertKeepsNothing(Action<DispatcherCall, Tensor> act)
    {
        var before = Environment.WorkingSet;
        for (var i = 0; i < 40; i++)
        {
            using var numbers = ones(2048, 2047);
            using var call = new DispatcherCall();
            act(call, numbers);
        }

        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 200L << 20);
    }
}
