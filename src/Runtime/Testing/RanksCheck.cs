using Moesaic.Checkpoints;
using Moesaic.Communication;
using static TorchSharp.torch;

namespace Moesaic.Testing;

/// <summary>A model that ranks share computes what it does on one; ranks are threads.</summary>
internal static class RanksCheck
{
    private const float Tolerance = 1e-3f; // Of the largest logit; sums of ranks are in another order.

    private static readonly ParallelLayout[] Layouts = [new() { Tensor = 2 }, new() { Expert = 2, Dispatch = ExpertDispatch.AllToAll }];

    /// <exception cref="ModelCheckException">Logits differ.</exception>
    internal static void Run(Func<CausalLm> create)
    {
        var folder = Directory.CreateTempSubdirectory("moesaic-check-").FullName;
        try
        {
            using var inference = inference_mode();
            using var whole = create();
            RandomWeights.Fill(whole, seed: 29, ScalarType.Float32, deviation: 0.3); // Large, so that every layer tells.
            CheckpointWriter.Write(whole, Path.Combine(folder, CheckpointWriter.FileName));
            using var ids = randint(whole.DecoderConfig.VocabSize, [2, 7], dtype: int64, generator: new Generator(31));
            using var expected = whole.forward(ids);
            foreach (var layout in Layouts)
            {
                Compare(create, folder, layout, ids, expected);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Compare(Func<CausalLm> create, string folder, ParallelLayout layout, Tensor ids, Tensor expected)
    {
        try
        {
            ThreadWorld.Run(layout.World, world =>
            {
                using var inference = inference_mode();
                using var scope = NewDisposeScope();
                using var context = new ParallelContext(world, layout);
                using var part = create();
                part.Parallelize(context, "");
                using (var checkpoint = Checkpoint.Open(folder))
                {
                    WeightLoader.Load(WeightPlan.For(part, checkpoint, []), dtype: null, CPU);
                }

                var error = ((part.forward(ids) - expected).abs().max() / expected.abs().max()).item<float>();
                if (!(error <= Tolerance))
                {
                    throw new ModelCheckException(
                        $"{part.GetType().Name} on {world.Size} ranks, {layout}: logits differ by {error:0.0e+00} of the largest from one rank's; does a class say HeadsAreIndependent whose heads are not?");
                }
            });
        }
        catch (ParallelException)
        {
            // Two ranks do not divide its sizes: it cannot be cut so, and says so.
        }
    }
}
