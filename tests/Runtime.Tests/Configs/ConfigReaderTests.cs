using Moesaic.Configs;

namespace Moesaic.Tests.Configs;

public sealed class ConfigReaderTests
{
    [Fact]
    public void EveryType_IsRead()
    {
        var config = Parse("""{"i":3,"l":5000000000,"d":1e-6,"b":true,"s":"silu","is":[1,2],"ds":[1,0.5],"bs":[true],"ss":["a","b"]}""");

        Assert.Equal(3, config.RequiredInt32("i"));
        Assert.Equal(5_000_000_000, config.RequiredInt64("l"));
        Assert.Equal(1e-6, config.RequiredDouble("d"));
        Assert.True(config.RequiredBoolean("b"));
        Assert.Equal("silu", config.RequiredString("s"));
        Assert.Equal([1, 2], config.RequiredInt32s("is"));
        Assert.Equal([1, 0.5], config.RequiredDoubles("ds"));
        Assert.Equal([true], config.RequiredBooleans("bs"));
        Assert.Equal(["a", "b"], config.RequiredStrings("ss"));
    }

    [Fact]
    public void AbsentAndNull_AreBothNull()
    {
        var config = Parse("""{"a":null}""");

        Assert.Null(config.OptionalInt32("a", "b"));
        Assert.Null(config.OptionalInt64("a", "b"));
        Assert.Null(config.OptionalDouble("a", "b"));
        Assert.Null(config.OptionalBoolean("a", "b"));
        Assert.Null(config.OptionalString("a", "b"));
        Assert.Null(config.OptionalInt32s("a", "b"));
        Assert.Null(config.OptionalDoubles("a", "b"));
        Assert.Null(config.OptionalBooleans("a", "b"));
        Assert.Null(config.OptionalStrings("a", "b"));
        Assert.Null(config.Section("a"));
        Assert.False(config.Has("a"));
        Assert.False(config.Has("b"));
    }

    [Fact]
    public void NumberThatIsAuto_IsAbsent()
    {
        var config = Parse("""{"a":"auto","b":4}""");

        Assert.Null(config.OptionalInt32("a"));
        Assert.Equal(4, config.RequiredInt32("a", "b"));
        Assert.Equal("auto", config.OptionalString("a"));
    }

    [Fact]
    public void SecondKey_IsTriedWhenTheFirstIsNull() =>
        Assert.Equal(8, Parse("""{"num_experts":null,"num_local_experts":8}""").RequiredInt32("num_experts", "num_local_experts"));

    [Fact]
    public void IntegralDouble_CountsAsInteger()
    {
        Assert.Equal(4, Parse("""{"k":4.0}""").RequiredInt32("k"));
        Assert.Equal(1000, Parse("""{"k":1e3}""").RequiredInt64("k"));
        Assert.Equal(4, Parse("""{"a":4.0,"b":4}""").RequiredInt32("a", "b"));
    }

    [Fact]
    public void MissingKey_NamesEveryKeyTried() => Refused(
        "{}", config => config.RequiredInt32("num_experts", "num_local_experts"),
        "config.json: num_experts or num_local_experts: expected a 32-bit integer, found none; add it");

    [Fact]
    public void KeysThatDisagree_AreBothNamedWithTheirValues()
    {
        Refused(
            """{"num_experts":8,"num_local_experts":16}""", config => config.OptionalInt32("num_experts", "num_local_experts"),
            "config.json: num_local_experts: expected the same as num_experts = 8, found 16; keep one");
        Refused("""{"a":[1,2],"b":[1,3]}""", config => config.RequiredInt32s("a", "b"), "b: expected the same as a = [1,2], found [1,3]");
        Assert.Equal([1, 2], Parse("""{"a":[1,2],"b":[1.0,2]}""").RequiredInt32s("a", "b"));
    }

    [Fact]
    public void Truth_IsTrueOrANumberOtherThanZero()
    {
        var config = Parse("""{"a":4,"b":0,"c":true,"d":false}""");
        Assert.Equal([true, false, true, false, null], "abcde".Select(key => config.OptionalTruth($"{key}")));
        Refused("""{"k":"yes"}""", config => config.OptionalTruth("k"), "k: expected true or false, found \"yes\"");
    }

    [Fact]
    public void NumberPerLayer_IsOneForAllOrAList()
    {
        Assert.Equal([8, 8, 8], Parse("""{"k":8}""").PerLayer(3, "k", 1));
        Assert.Equal([4, 5, 6], Parse("""{"k":[4,5,6]}""").PerLayer(3, "k", 1));
        Assert.Equal([1, 1], Parse("{}").PerLayer(2, "k", 1));
        Refused("""{"k":[4,5]}""", config => config.PerLayer(3, "k", 1), "k: expected a number for each of 3 layers, found 2");
    }

    [Theory]
    [InlineData("\"4\"")]
    [InlineData("4.5")]
    [InlineData("true")]
    [InlineData("[4]")]
    [InlineData("{}")]
    [InlineData("2147483648")]
    [InlineData("-2147483649")]
    [InlineData("1e400")]
    [InlineData("1e30")]
    [InlineData("123456789012345678901234567890")]
    public void WhatIsNoInt32_IsRefused(string value) =>
        Refused($"{{\"k\":{value}}}", config => config.OptionalInt32("k"), $"config.json: k: expected a 32-bit integer, found {value}; correct");

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("1e19")]
    public void WhatIsNoInt64_IsRefused(string value) =>
        Refused($"{{\"k\":{value}}}", config => config.OptionalInt64("k"), $"k: expected a 64-bit integer, found {value}");

    [Fact]
    public void OtherWrongTypes_AreRefused()
    {
        Refused("""{"k":"1"}""", config => config.OptionalDouble("k"), "k: expected a number, found \"1\"");
        Refused("""{"k":1e999}""", config => config.OptionalDouble("k"), "k: expected a number, found 1e999");
        Refused("""{"k":1}""", config => config.OptionalBoolean("k"), "k: expected true or false, found 1");
        Refused("""{"k":1}""", config => config.OptionalString("k"), "k: expected a text, found 1");
        Refused("""{"k":1}""", config => config.OptionalInt32s("k"), "k: expected a list of 32-bit integers, found 1");
        Refused("""{"k":[1,null]}""", config => config.OptionalDoubles("k"), "k: expected a list of numbers, found [1,null]");
        Refused("""{"k":["a",1]}""", config => config.OptionalStrings("k"), "k: expected a list of texts");
        Refused("""{"k":[0]}""", config => config.OptionalBooleans("k"), "k: expected a list of true and false");
        Refused("""{"k":[]}""", config => config.Section("k"), "k: expected an object, found []");
    }

    [Fact]
    public void ValueThatAModelDoesNotCompute_IsRefused()
    {
        Refused("""{"k":"gelu"}""", config => config.Supports("k", "silu", "swish"), "config.json: k: expected silu or swish, found gelu; this model");
        Refused("""{"k":true}""", config => config.Supports("k", false), "k: expected false, found true");
        Refused("""{"k":2}""", config => config.Supports("k", 1), "k: expected 1, found 2");
        Refused("""{"k":2}""", config => config.Supports("k", "silu"), "k: expected a text, found 2");
        var fine = Parse("""{"a":"swish","b":false,"c":1,"d":null}""");
        fine.Supports("a", "silu", "swish");
        fine.Supports("b", false);
        fine.Supports("c", 1);
        fine.Supports("d", 1);
        fine.Supports("e", true);
    }

    [Fact]
    public void Section_NamesItsPath()
    {
        const string json = """{"rope_parameters":{"rope_type":1,"full":{"theta":"x"}}}""";

        Refused(json, config => config.Section("rope_parameters")!.RequiredString("rope_type"), "config.json: rope_parameters.rope_type: expected a text, found 1");
        Refused(json, config => config.Section("rope_parameters")!.Section("full")!.RequiredDouble("theta"), "rope_parameters.full.theta: expected a number");
        Refused(json, config => throw config.Section("rope_parameters")!.Error("rope_type", "yarn", "x", "y"), "rope_parameters.rope_type: expected yarn, found x; y");
    }

    [Fact]
    public void NumbersOfPython_AreRead()
    {
        var config = Parse("""{"a":[0.0,Infinity],"b":-Infinity,"c":{"__float__":"Infinity"},"s":"NaN \" Infinity","n":NaN}""");

        Assert.Equal([0, double.PositiveInfinity], config.RequiredDoubles("a"));
        Assert.Equal(double.NegativeInfinity, config.RequiredDouble("b"));
        Assert.Equal(double.PositiveInfinity, config.RequiredDouble("c"));
        Assert.Equal("NaN \" Infinity", config.RequiredString("s"));
        Assert.Throws<ConfigException>(() => config.OptionalDouble("n"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{} x")]
    [InlineData("""{"a":1,"a":1}""")]
    [InlineData("""{"a":{"b":1,"b":2}}""")]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"a":01}""")]
    [InlineData("""{"a":1 // comment""")]
    public void WhatIsNoJson_IsRefused(string json) => Refused(json, _ => { }, "config.json: expected JSON, found an error: ");

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("3")]
    public void RootThatIsNoObject_IsRefused(string json) => Refused(json, _ => { }, $"config.json: expected a JSON object, found {json}; ");

    [Fact]
    public void Nesting_IsLimited() => Refused(new string('[', 100_000), _ => { }, "config.json: expected JSON");

    [Fact]
    public void MissingFile_IsRefused()
    {
        var path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"), "config.json");

        Assert.Equal($"{path}: expected a JSON file, found none; check the path", Assert.Throws<ConfigException>(() => ConfigReader.Load(path)).Message);
        Assert.Throws<ConfigException>(() => ConfigReader.Load(Path.GetTempPath()));
        Assert.Throws<ConfigException>(() => ConfigReader.Load(""));
        Assert.Throws<ConfigException>(() => ConfigReader.Load("a\0b"));
    }

    private static ConfigReader Parse(string json) => ConfigReader.Parse(json, "config.json");

    private static void Refused(string json, Action<ConfigReader> read, string message)
    {
        var e = Assert.Throws<ConfigException>(() => read(Parse(json)));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }
}
