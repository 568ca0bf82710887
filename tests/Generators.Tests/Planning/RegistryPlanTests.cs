using Moesaic.Generators.Planning;

namespace Moesaic.Generators.Tests.Planning;

public sealed class RegistryPlanTests
{
    [Fact]
    public void Models_StandInOrdinalOrder_WhateverTheOrderOfTheFiles()
    {
        var models = new[] { Model("qwen3_moe"), Model("Zeta"), Model("gpt-oss"), Model("gpt_oss") };
        string[] expected = ["Zeta", "gpt-oss", "gpt_oss", "qwen3_moe"];
        Assert.Equal(expected, RegistryPlan.From(models).Models.Select(static model => model.ModelType));
        Assert.Equal(RegistryPlan.From(models), RegistryPlan.From(models.Reverse()));
    }

    private static MoeModelPlan Model(string type) => new("Model", type, default, default, "global::Model", "global::Config");
}
