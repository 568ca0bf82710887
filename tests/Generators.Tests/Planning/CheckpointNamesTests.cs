using System.Text.Json;
using Moesaic.Generators.Planning;

namespace Moesaic.Generators.Tests.Planning;

public sealed class CheckpointNamesTests
{
    [Theory]
    [InlineData("BlockSparseMoe", "block_sparse_moe")]
    [InlineData("BlockSparseMoE", "block_sparse_mo_e")] // Why the spelling is Moe.
    [InlineData("MoeIntermediateSize", "moe_intermediate_size")]
    [InlineData("MoEIntermediateSize", "mo_e_intermediate_size")]
    [InlineData("NormTopkProb", "norm_topk_prob")]
    [InlineData("NormTopKProb", "norm_top_k_prob")]
    [InlineData("TopkGroup", "topk_group")]
    [InlineData("TopK", "top_k")]
    [InlineData("EScoreCorrectionBias", "e_score_correction_bias")]
    [InlineData("FirstKDenseReplace", "first_k_dense_replace")]
    [InlineData("KvAProjWithMqa", "kv_a_proj_with_mqa")]
    [InlineData("QLoraRank", "q_lora_rank")]
    [InlineData("W13", "w13")]
    [InlineData("W2", "w2")]
    public void Name_BecomesSnakeCase(string name, string expected) => Assert.Equal(expected, CheckpointNames.ToSnakeCase(name));

    [Theory]
    [InlineData("A")]
    [InlineData("AB")]
    [InlineData("ABc")]
    [InlineData("ABC")]
    [InlineData("AbC")]
    [InlineData("aBC")]
    [InlineData("A1B2")]
    [InlineData("A1b")]
    [InlineData("HTTPServer2Go")]
    [InlineData("W_13")]
    [InlineData("_Hidden")]
    [InlineData("A_B")]
    [InlineData("A__b")]
    [InlineData("ÄÖü")]
    [InlineData("IndexI")]
    public void AnyName_IsWhatSystemTextJsonMakesOfIt(string name) =>
        Assert.Equal(JsonNamingPolicy.SnakeCaseLower.ConvertName(name), CheckpointNames.ToSnakeCase(name));
}
