namespace Moesaic.Generators.Known;

/// <summary>The types of Runtime and TorchSharp that declarations mention, by full name without type parameters.</summary>
internal static class KnownTypes
{
    public const string RuntimeNamespace = "Moesaic";

    public const string ModuleAttribute = "Moesaic.ModuleAttribute";
    public const string MoeBlockAttribute = "Moesaic.MoeBlockAttribute";
    public const string MoeBlockAttributeMetadataName = "Moesaic.MoeBlockAttribute`2";
    public const string MoeModelAttribute = "Moesaic.MoeModelAttribute";
    public const string ModelConfigAttribute = "Moesaic.ModelConfigAttribute";
    public const string CheckpointNameAttribute = "Moesaic.CheckpointNameAttribute";
    public const string ConfigSupportsAttribute = "Moesaic.ConfigSupportsAttribute";
    public const string ConfigKeyAttribute = "Moesaic.ConfigKeyAttribute";
    public const string ExpertWeightsAttribute = "Moesaic.ExpertWeightsAttribute";
    public const string RouterWeightsAttribute = "Moesaic.RouterWeightsAttribute";
    public const string SharedExpertsAttribute = "Moesaic.SharedExpertsAttribute";

    public const string ExplicitModule = "Moesaic.ExplicitModule";
    public const string SequenceModule = "Moesaic.SequenceModule";
    public const string DecoderLayer = "Moesaic.DecoderLayer";
    public const string MoeBlock = "Moesaic.MoeBlock";
    public const string Router = "Moesaic.IRouter";
    public const string UnbiasedRouter = "Moesaic.IUnbiasedRouter";
    public const string SparsemixerRouter = "global::Moesaic.SparsemixerRouter";
    public const string ExpertActivation = "Moesaic.IExpertActivation";
    public const string UngatedActivation = "Moesaic.IUngatedActivation";
    public const string MoeConfig = "Moesaic.IMoeConfig";
    public const string CausalLm = "Moesaic.CausalLm";
    public const string ConfigValue = "Moesaic.IConfigValue";

    public const string Parameter = "TorchSharp.Modules.Parameter";
    public const string Tensor = "TorchSharp.torch.Tensor";
    public const string TorchModule = "TorchSharp.torch.nn.Module";

    public const string Enumerable = "System.Collections.Generic.IEnumerable";
    public const string ReadOnlyList = "System.Collections.Generic.IReadOnlyList";

    /// <summary>The method that the generated part of a module writes.</summary>
    public const string RegisterChildren = nameof(RegisterChildren);
}
