namespace Moesaic.Generators.Parsing;

/// <summary>What a member is to its module, by its type.</summary>
internal enum ChildRole
{
    /// <summary>Nothing that is registered.</summary>
    None,

    /// <summary>A module that lists its own children.</summary>
    Module,

    /// <summary>A parameter.</summary>
    Parameter,

    /// <summary>A module of TorchSharp's, which would find its children by reflection.</summary>
    ForeignModule,

    /// <summary>An array or a list of modules or parameters.</summary>
    List,

    /// <summary>A tensor that is no parameter.</summary>
    Tensor,
}
