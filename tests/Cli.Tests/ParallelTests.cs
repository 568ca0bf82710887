namespace Moesaic.Cli.Tests;

/// <summary>The tool on several processes: the same numbers and texts as on one, and one clear line where they do not fit together.</summary>
/// <remarks>More cuts, of every architecture, are tested on threads: Models.Tests, ParallelGoldenTests.</remarks>
public sealed class ParallelTests
{
    [MpiTheory]
    [InlineData("mixtral", 4, "--ep", "4")]
    [InlineData("mixtral", 2, "--tp", "2")]
    [InlineData("qwen2_moe", 4, "--tp", "2", "--ep", "2")]
    [InlineData("deepseek_v3", 4, "--dp", "2", "--ep", "2")]
    [InlineData("deepseek_v3_fp8", 4, "--ep", "4")]
    [InlineData("gpt_oss", 4, "--tp", "2", "--ep", "2")]
    [InlineData("gpt_oss_mxfp4", 2, "--tp", "2")]
    [InlineData("granitemoeshared", 4, "--dp", "2", "--ep", "2", "--dispatch", "all-to-all")]
    [InlineData("aria_text", 4, "--ep", "4", "--placement", "round-robin")]
    public void Verify_EqualsTheReference(string model, int ranks, params string[] cut)
    {
        var result = Ranks.Run(ranks, ["verify", "--model", TestData.Golden(model), .. cut]);

        Assert.Equal(("", 0), (result.Stderr, result.ExitCode));
        Assert.Matches(@"^(hidden_states[^\n]*\n)*logits max_abs_err=\d\.\d\de[-+]\d\d rel_err=\d\.\d\de[-+]\d\d greedy=16/16\n$", result.Stdout); // Once.
    }

    [MpiFact]
    public void Verify_OutsideTheTolerance_Fails() =>
        Assert.Equal(1, Ranks.Run(2, "verify", "--model", TestData.Golden("mixtral"), "--ep", "2", "--tolerance", "0").ExitCode);

    [MpiFact]
    public void Generate_WritesTheTextOnce()
    {
        string[] arguments = ["generate", "--prompt", "And the king", "--max-tokens", "24", "--dtype", "float32"];
        var alone = Tool.Run(arguments);
        var together = Ranks.Run(4, [.. arguments, "--dp", "2", "--ep", "2"]);

        Assert.Equal(0, together.ExitCode);
        Assert.Equal(alone.Stdout, together.Stdout);
        Assert.Single(together.Stderr.TrimEnd('\n').Split('\n')); // Tokens per second.
    }

    [MpiFact]
    public void Draws_AreTheSameOnAllRanks()
    {
        var result = Ranks.Run(2, "generate", "--prompt", "And", "--temperature", "1", "--max-tokens", "24", "--ep", "2");

        Assert.Equal(0, result.ExitCode); // Ranks that went on with other tokens would disagree on a call.
    }

    [Theory]
    [InlineData("--ep", "4")]
    [InlineData("--tp", "2")]
    [InlineData("--dp", "2")]
    public void FlagsWithoutMpirun_AreRefused(string flag, string ranks) =>
        Tool.Run("verify", "--model", TestData.Golden("mixtral"), flag, ranks).IsRefused($"expected {ranks} processes, found 1", $"mpirun -n {ranks}");

    [Theory]
    [InlineData("0")]
    [InlineData("-2")]
    [InlineData("many")]
    public void WrongNumberOfRanks_IsRefused(string number) => Tool.Run("generate", "--prompt", "And", "--ep", number).IsRefused("--ep", number);

    [MpiFact]
    public void OtherNumberOfProcesses_IsRefused() =>
        Ranks.Run(3, "verify", "--model", TestData.Golden("mixtral"), "--ep", "2", "--tp", "2").IsRefused("expected 4 processes, found 3", "mpirun -n 4");

    [MpiFact]
    public void NoFlags_AreRefused() => Ranks.Run(2, "verify", "--model", TestData.Golden("mixtral")).IsRefused("found 2", "--ep 2");

    [MpiFact]
    public void SizesThatDoNotDivide_AreRefused() =>
        Ranks.Run(3, "verify", "--model", TestData.Golden("mixtral"), "--tp", "3").IsRefused("--tp 3", "query heads, 4", "2 or 4 would do");

    [MpiFact]
    public void MissingModel_IsToldOnce() => Ranks.Run(2, "verify", "--model", "nowhere", "--ep", "2").IsRefused("nowhere", "no such folder");

    [MpiFact]
    public void RankWithAnotherConfig_IsNamed()
    {
        using var other = new ModelCopy("mixtral");
        other.Replace("config.json", "\"rms_norm_eps\": 1e-05", "\"rms_norm_eps\": 1e-06");

        Ranks.RunEach(Verify(TestData.Golden("mixtral")), Verify(other.Path)).IsRefused("rank 1 of 2 has another config.json than rank 0");
    }

    [MpiFact]
    public void RankWithAnotherCheckpoint_IsNamed()
    {
        using var other = new ModelCopy("mixtral");
        other.FlipLastByte("model.safetensors");

        Ranks.RunEach(Verify(TestData.Golden("mixtral")), Verify(other.Path)).IsRefused("rank 1 of 2 has another checkpoint than rank 0");
    }

    [MpiFact]
    public void RankWithOtherOptions_IsNamed() =>
        Ranks.RunEach(Verify(TestData.Golden("mixtral")), [.. Verify(TestData.Golden("mixtral")), "--dispatch", "all-to-all"])
            .IsRefused("rank 1 of 2 has another set of options than rank 0");

    [MpiFact]
    public void RankWithoutTheModel_IsNamed() =>
        Ranks.RunEach(Verify(TestData.Golden("mixtral")), Verify("nowhere")).IsRefused("rank 1 of 2", "nowhere");

    [MpiFact]
    public void RankThatFailsAlone_SaysSo()
    {
        var result = Ranks.RunEach(Verify(TestData.Golden("mixtral")), ["verify", "--ep", "2", "--dtype", "bogus"]);

        result.IsRefused("rank 1 of 2", "bogus");
    }

    [MpiFact]
    public void LongPrompt_IsToldOnce() =>
        Ranks.Run(2, "generate", "--ep", "2", "--prompt", string.Concat(Enumerable.Repeat("word ", 2000))).IsRefused("max_position_embeddings");

    [MpiFact]
    public void AttentionThatIsNotCut_IsNamed()
    {
        var result = Ranks.Run(2, "verify", "--model", TestData.Golden("olmoe"), "--tp", "2");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal("model.layers.0.self_attn: whole on every rank, its heads are not known to be independent; so are 2 more\n", result.Stderr);
    }

    [MpiFact]
    public void KilledRank_EndsTheOthers()
    {
        var prompt = $"And it came to pass {Guid.NewGuid()}";
        var result = Ranks.RunWhile(4, ranks => ranks[2].Kill(), "generate", "--ep", "4", "--max-tokens", "400", "--prompt", prompt);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Empty(Ranks.Running(prompt));
    }

    private static string[] Verify(string model) => ["verify", "--model", model, "--ep", "2"];
}
