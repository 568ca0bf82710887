namespace Moesaic.Kernels.Tests;

public sealed class GpuExpertsTests
{
    public static TheoryData<string, int> Layers => With(ExpertsCheck.Names);

    public static TheoryData<string, int> QuantizedLayers => With(QuantizedCheck.Names);

    [GpuTheory]
    [MemberData(nameof(Layers))]
    public void Fused_GivesWhatEagerGives(string layer, int tokens) => Assert.InRange(ExpertsCheck.Run(layer, tokens), 0, 1e-2);

    [GpuTheory]
    [MemberData(nameof(QuantizedLayers))]
    public void Quantized_GiveWhatWideOnesGive(string layer, int tokens) => Assert.InRange(QuantizedCheck.Run(layer, tokens), 0, 1e-2);

    private static TheoryData<string, int> With(IEnumerable<string> names)
    {
        var layers = new TheoryData<string, int>();
        foreach (var name in names)
        {
            foreach (var tokens in ExpertsCheck.Batches)
            {
                layers.Add(name, tokens);
            }
        }

        return layers;
    }
}
