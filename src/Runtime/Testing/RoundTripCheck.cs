using Moesaic.Checkpoints;
using static TorchSharp.torch;

namespace Moesaic.Testing;

/// <summary>What a module writes, it loads: every tensor of its declared layouts, equal in every element.</summary>
internal static class RoundTripCheck
{
    /// <param name="create">Makes the module; called twice.</param>
    /// <exception cref="ModelCheckException">A parameter came back with another dtype or other elements.</exception>
    /// <exception cref="CheckpointException">The weight rules do not fill the parameters exactly.</exception>
    internal static void Run(Func<ExplicitModule> create)
    {
        var folder = Directory.CreateTempSubdirectory("moesaic-check-").FullName;
        try
        {
            using var written = create();
            RandomWeights.Fill(written, seed: 23, ScalarType.Float32);
            CheckpointWriter.Write(written, Path.Combine(folder, CheckpointWriter.FileName));
            using var read = create();
            using (var checkpoint = Checkpoint.Open(folder))
            {
                WeightLoader.Load(WeightPlan.For(read, checkpoint, []), dtype: null, CPU);
            }

            Compare(new ModuleWeights(written), new ModuleWeights(read));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Compare(ModuleWeights written, ModuleWeights read)
    {
        foreach (var (before, after) in written.Targets.Zip(read.Targets))
        {
            using var scope = NewDisposeScope();
            var (x, y) = (before.Registration.Value, after.Registration.Value);
            if (x.dtype != y.dtype)
            {
                throw new ModelCheckException($"{before.Name}: written as {x.dtype}, loaded as {y.dtype}");
            }

            var different = x.ne(y).sum().item<long>();
            if (different > 0)
            {
                throw new ModelCheckException($"{before.Name}: {different} of {x.numel()} elements differ after writing and loading; check the weight rules of its module");
            }
        }
    }
}
