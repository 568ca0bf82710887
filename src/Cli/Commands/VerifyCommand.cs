using System.CommandLine;
using System.Globalization;
using Moesaic.Verification;

namespace Moesaic.Cli.Commands;

/// <summary>Recomputes what a reference implementation computed on the same checkpoint.</summary>
internal static class VerifyCommand
{
    internal static Command Create()
    {
        var expected = new Option<string>("--expected") { Description = "The reference's numbers [default: expected.safetensors of the model's folder]", HelpName = "FILE" };
        var tolerance = new Option<double>("--tolerance") { Description = "Largest error of a logit", DefaultValueFactory = _ => 1e-4 };
        var json = new Option<bool>("--json") { Description = "As JSON" };
        var command = new Command("verify", "Compares logits and greedy continuation with a reference's; exit code 0 within the tolerance, else 1.") { expected, tolerance, json };
        var model = new ModelOptions(command, defaultDtype: "float32");
        var parallel = new ParallelFlags(command);
        command.SetAction(parsed =>
        {
            var directory = model.Directory(parsed);
            var ranks = Ranks.Join(parallel.Read(parsed), model.OnGpu(parsed));
            using var pretrained = LoadingProgress.Show(progress => PretrainedModel.Load(directory, ranks.Load(model.Load(parsed, progress))));
            ranks.Explain();
            using var reference = ReferenceOutputs.Load(parsed.GetValue(expected) ?? Path.Combine(directory, "expected.safetensors"), pretrained.Network);
            var result = VerificationResult.Run(pretrained.Network, reference);
            if (ranks.Speaks)
            {
                Print(result, parsed.GetValue(json));
            }

            return ranks.Leave(result.MaxAbsError <= parsed.GetValue(tolerance) && result.GreedyMatched == result.GreedyTotal ? Exit.Ok : Exit.Failed);
        });
        return command;
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
