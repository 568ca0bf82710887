using System.Text.Json;

namespace Moesaic.Cli.Tests;

/// <summary>The tool on several processes: the same numbers and texts as on one, and one clear line where they do not fit together.</summary>
/// <remarks>More cuts, of every architecture, are tested on threads: Models.Tests, ParallelGoldenTests.</remarks>
public sealed class ParallelTests
{
    private static readonly string[][] Cuts =
    [
        ["--ep", "4"],
        ["--tp", "2"],
        ["--tp", "2", "--ep", "2"],
        ["--dp", "2", "--ep", "2"], // With unequal batches.
    ];

    public static TheoryData<string, int, string[]> Cases()
    {
        var data = new TheoryData<string, int, string[]>
        {
            { "granitemoeshared", 4, ["--dp", "2", "--ep", "2", "--dispatch", "all-to-all"] },
            { "aria_text", 4, ["--ep", "4", "--placement", "round-robin"] },
        };
        foreach (var model in (string[])["mixtral", "qwen2_moe", "deepseek_v3", "deepseek_v3_fp8", "gpt_oss", "gpt_oss_mxfp4", "granitemoeshared", "aria_text"])
        {
            foreach (var cut in Cuts)
            {
                data.Add(model, cut is ["--tp", _] ? 2 : 4, cut);
            }
        }

        return data;
    }

    [MpiTheory]
    [MemberData(nameof(Cases))]
    public void Verify_EqualsTheReference(string model, int ranks, string[] cut)
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
    public void RankOfAnotherVersion_IsNamed()
    {
        using var other = new ToolCopy("moesaic-other-version-");
        other.BecomeVersion(new(9, 8, 7, 6));
        var arguments = Verify(TestData.Golden("mixtral"));

        Ranks.RunEach((Ranks.Program, arguments), (other.Program, arguments)).IsRefused("rank 1 of 2 has another version of Moesaic than rank 0", "found 9.8.7.6");
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

    [MpiFact]
    public void Bench_ChecksAndTimesTheLayerOfAllRanks()
    {
        var file = Path.GetTempFileName();
        try
        {
            var result = Ranks.Run(
                4, "bench", "experts", "--shape", "64,32,8,2", "--tokens", "1,9", "--seconds", "0", "--dtype", "float32", "--dp", "2", "--tp", "2", "--dispatch", "all-to-all", "--json", file);

            Assert.Equal(("", 0), (result.Stderr, result.ExitCode));
            Assert.StartsWith("64,32,8,2: 8 experts of 64 x 32, 2 per token, Float32 on CPU, --dp 2 --ep 1 --tp 2\n", result.Stdout, StringComparison.Ordinal);
            using var figures = JsonDocument.Parse(File.ReadAllText(file));
            var measurements = figures.RootElement.GetProperty("measurements").EnumerateArray().ToArray();
            Assert.Equal(
                from tokens in (int[])[1, 9] from candidate in (string[])["exchange", "eager", "grouped", "fused"] select (tokens, candidate),
                measurements.Select(one => (one.GetProperty("tokens").GetInt32(), one.GetProperty("candidate").GetString()!)));
            Assert.All(measurements, one => Assert.InRange(one.GetProperty("relative_error").GetDouble(), 0, 1e-5));
            Assert.All(measurements, one => Assert.True(one.GetProperty("ms").GetDouble() > 0 && one.GetProperty("bytes_per_rank").GetDouble() > 0));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [MpiFact]
    public void Bench_DealsExpertsAnew()
    {
        var result = Ranks.Run(
            4, "bench", "experts", "--shape", "64,32,8,2", "--tokens", "64", "--seconds", "0", "--experts", "eager", "--skew", "1.2",
            "--ep", "4", "--redundant-experts", "4", "--eplb-interval", "4");

        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"eplb rebalance: balancedness 0\.\d+ -> 0\.9\d+, 1 of 1 layers to move", result.Stderr);
    }

    [Theory]
    [InlineData("expected 4 processes, found 1", "--ep", "4")]
    [InlineData("--plot: expected one process, found several", "--ep", "4", "--plot", "x.svg")]
    [InlineData("at most the 10 of the interval, found 11", "--ep", "4", "--eplb-interval", "10", "--eplb-window", "11")]
    [InlineData("two ranks or more that share experts", "--redundant-experts", "4")]
    public void BenchOptionsThatCannotBe_AreOneLine(string says, params string[] options) => Tool.Run(["bench", "experts", "--shape", "64,32,8,2", .. options]).IsRefused(says);

    [MpiFact]
    public void BenchOfUnknownCandidates_IsOneLine() =>
        Ranks.Run(2, "bench", "experts", "--shape", "64,32,8,2", "--ep", "2", "--experts", "naive").IsRefused("--experts naive: expected on several ranks some of exchange, eager, grouped, fused");

    private static string[] Verify(string model) => ["verify", "--model", model, "--ep", "2"];
}
