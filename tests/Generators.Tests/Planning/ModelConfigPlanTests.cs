using Moesaic.Generators.Helpers;
using Moesaic.Generators.Planning;
using Moesaic.Generators.Specs;

namespace Moesaic.Generators.Tests.Planning;

public sealed class ModelConfigPlanTests
{
    private static readonly DeclaredType ConfigType = new("", default, "Config", "Config", "global::Config", "Config");

    [Fact]
    public void NoKey_IsTheNameInSnakeCase() => Assert.Equal(["vocab_size"], Plan(Property("VocabSize")).Required[0].Keys);

    [Fact]
    public void Keys_StandInOrder() => Assert.Equal(
        ["num_local_experts", "num_experts"], Plan(Property("NumExperts", "num_local_experts", "num_experts")).Required[0].Keys);

    [Fact]
    public void RequiredAndOptional_AreReadApart()
    {
        var plan = Plan(Property("A"), Property("B") with { IsRequired = false });
        Assert.Equal("A", Assert.Single(plan.Required).Property);
        Assert.Equal("B", Assert.Single(plan.Optional).Property);
    }

    [Fact]
    public void ValueThatReadsTheWhole_HasNoKeyThatCouldBeAbsent()
    {
        var plan = Plan(Property("RopeParameters") with { Kind = ConfigValueKind.Whole, IsRequired = false });
        Assert.Empty(Assert.Single(plan.Required).Keys);
        Assert.Empty(plan.Optional);
    }

    private static ModelConfigPlan Plan(params ConfigPropertySpec[] properties) =>
        ModelConfigPlan.From(new(ConfigType, properties.ToEquatableArray(), default, HidesBase: false));

    private static ConfigPropertySpec Property(string name, params string[] keys) =>
        new(name, "int", ConfigValueKind.Int32, keys.ToEquatableArray(), IsRequired: true);
}
