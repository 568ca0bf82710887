using System.Security.Cryptography;
using Consumer;
using Moesaic;
using Moesaic.Checkpoints;
using Moesaic.Models;
using Moesaic.Verification;
using TorchSharp;
using static TorchSharp.torch;

// The first call to TorchSharp, before any type of Moesaic: a module initializer has answered its imports.
using (var ones = torch.ones(2))
{
    Console.WriteLine($"sum {ones.sum().item<float>()}");
}

// A model of this program's own, expanded by the generator of the package.
ModelRegistry.AddFrom(typeof(WrenForCausalLm).Assembly);
ModelRegistry.AddFrom(typeof(ModelsAssembly).Assembly);
Console.WriteLine($"knows wren {ModelRegistry.Models.Any(model => model.ModelType == "wren")}");
using var wren = new WrenForCausalLm(new());
foreach (var tensor in ExpectedTensor.Of(wren))
{
    Console.WriteLine($"wren {tensor.Name} [{string.Join(", ", tensor.Shape)}]");
}

// A model of the package Moesaic.Models: its state_dict, and whether it computes what the reference does.
using var model = PretrainedModel.Load(args[0], new() { Dtype = ScalarType.Float32 });
foreach (var (name, value) in model.Network.state_dict())
{
    var hash = Convert.ToHexStringLower(SHA256.HashData(value.contiguous().bytes));
    Console.WriteLine($"state {name} {value.dtype} [{string.Join(", ", value.shape)}] {hash}");
}

using var reference = ReferenceOutputs.Load(Path.Combine(args[0], "expected.safetensors"), model.Network);
var result = VerificationResult.Run(model.Network, reference);
Console.WriteLine($"agrees {result.MaxAbsError < 1e-4 && result.GreedyMatched == result.GreedyTotal}");
