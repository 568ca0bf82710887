namespace Moesaic.Kernels.Tests;

public sealed class GpuExpertsTests
{
    public static TheoryData<string, int> Layers
    {
        get
        {
            var layers = new TheoryData<string, int>();
            foreach (var name in ExpertsCheck.Names)
            {
                foreach (var tokens in ExpertsCheck.Batches)
                {
                    layers.Add(name, tokens);
                }
            }

            return layers;
        }
    }

    [GpuTheory]
    [MemberData(nameof(Layers))]
    public void Fused_GivesWhatEagerGives(string layer, int tokens) => Assert.InRange(ExpertsCheck.Run(layer, tokens), 0, 1e-2);
}
