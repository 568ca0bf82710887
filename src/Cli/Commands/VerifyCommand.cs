using System.CommandLine;
using System.Globalization;
using Moesaic.Verification;
using static TorchSharp.torch;

namespace Moesaic.Cli.Commands;

/// <summary>Recomputes what a reference implementation computed on the same checkpoint.</summary>
internal static class VerifyCommand
{
    internal static Command Create()
    {
        var expected = new Option<string>("--expected") { Description = "The reference's numbers [default: expected.safetensors of the model's folder]", HelpName = "FILE" };
        var against = new Option<string>("--against") { Description = "Compare with this backend of the same model, on random tokens, in place of a reference's numbers", HelpName = "BACKEND" };
        against.AcceptOnlyFromAmong("eager", "grouped");
        var tolerance = new Option<double?>("--tolerance") { Description = "Largest error of a logit; with --against, relative error of all [default: 1e-4; with --against 0.05]", HelpName = "X" };
        var json = new Option<bool>("--json") { Description = "As JSON" };
        var command = new Command("verify", "Compares logits and greedy continuation with a reference's, or with another backend's; exit code 0 within the tolerance, else 1.") { expected, against, tolerance, json };
        var model = new ModelOptions(command, defaultDtype: "float32");
        var parallel = new ParallelFlags(command);
        command.SetAction(parsed =>
        {
            var directory = model.Directory(parsed);
            var ranks = Ranks.Join(parallel.Read(parsed), model.OnGpu(parsed));
            using var pretrained = LoadingProgress.Show(progress => PretrainedModel.Load(directory, ranks.Load(model.Load(parsed, progress))));
            ranks.Explain();
            var (result, isWithin) = parsed.GetValue(against) is { } other
                ? Compare(pretrained.Network, model.Backend(parsed), Enum.Parse<ExpertsBackend>(other, ignoreCase: true), parsed.GetValue(tolerance) ?? 0.05)
                : Verify(pretrained.Network, parsed.GetValue(expected) ?? Path.Combine(directory, "expected.safetensors"), parsed.GetValue(tolerance) ?? 1e-4);
            if (ranks.Speaks)
            {
                Print(result, parsed.GetValue(json));
            }

            return ranks.Leave(isWithin ? Exit.Ok : Exit.Failed);
        });
        return command;
    }

    /// <summary>The reference's numbers, and whether they are the model's.</summary>
    private static (VerificationResult Result, bool IsWithin) Verify(CausalLm network, string expected, double tolerance)
    {
        using var reference = ReferenceOutputs.Load(expected, network);
        var result = VerificationResult.Run(network, reference);
        return (result, result.MaxAbsError <= tolerance && result.GreedyMatched == result.GreedyTotal);
    }

    /// <summary>Another backend's numbers, and whether they are the wanted one's. Rounding may turn a choice of tokens, so that counts for nothing.</summary>
    private static (VerificationResult Result, bool IsWithin) Compare(CausalLm network, ExpertsBackend wanted, ExpertsBackend other, double tolerance)
    {
        RequireBackend(network, wanted);
        var result = Against(network, other, wanted);
        return (result, result.RelativeError <= tolerance);
    }

    /// <summary>A comparison says nothing about a backend that does not run.</summary>
    private static void RequireBackend(CausalLm network, ExpertsBackend wanted)
    {
        foreach (var choice in network.modules().OfType<FusedExperts>().Select(static experts => experts.Choice).Distinct())
        {
            if (wanted != ExpertsBackend.Auto && choice.Backend != wanted)
            {
                throw new BackendException($"--experts {wanted.ToString().ToLowerInvariant()}: expected it to run every block, found {choice.Reason}");
            }

            Console.Error.WriteLine($"experts: {choice.Reason}");
        }
    }

    /// <summary>Rows of random tokens, enough of them for kernels of many routes, and a continuation, for those of few.</summary>
    private static VerificationResult Against(CausalLm network, ExpertsBackend other, ExpertsBackend wanted)
    {
        const int rows = 2, length = 64, greedy = 16;
        using var generator = new Generator(1);
        using var ids = randint(network.DecoderConfig.VocabSize, [rows, length], dtype: int64, generator: generator);
        network.UseExperts(other);
        using var reference = ReferenceOutputs.Of(network, ids, greedy);
        network.UseExperts(wanted);
        return VerificationResult.Run(network, reference);
    }

    private static void Print(VerificationResult result, bool json)
    {
        if (json)
        {
            JsonOutput.Write(writer =>
            {
                writer.WriteStartObject();
                writer.WriteNumber("max_abs_err", result.MaxAbsError);
                writer.WriteNumber("rel_err", result.RelativeError);
                writer.WriteNumber("greedy_matched", result.GreedyMatched);
                writer.WriteNumber("greedy_total", result.GreedyTotal);
                writer.WriteStartArray("hidden_states_max_abs_err");
                foreach (var error in result.HiddenStateErrors)
                {
                    writer.WriteNumberValue(error);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            });
            return;
        }

        for (var i = 0; i < result.HiddenStateErrors.Count; i++)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"hidden_states.{i} max_abs_err={result.HiddenStateErrors[i]:0.00e+00}"));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"logits max_abs_err={result.MaxAbsError:0.00e+00} rel_err={result.RelativeError:0.00e+00} greedy={result.GreedyMatched}/{result.GreedyTotal}"));
    }
}
