using Moesaic.Checkpoints;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Moesaic;

/// <summary>A TorchSharp module that lists its children and parameters itself, so that nothing is found by reflection.</summary>
/// <remarks>
/// Property initializers of a derived class run before this constructor, so <see cref="RegisterChildren"/>, which a generator
/// writes, meets children that exist. Parameters are born on the meta device: a shape, no memory, no random numbers;
/// a checkpoint gives them their values.
/// </remarks>
public abstract class ExplicitModule : nn.Module<Tensor, Tensor>
{
    private readonly List<ChildRegistration> _submodules = [];
    private readonly List<ParameterRegistration> _registered = [];
    private readonly List<IDisposable> _owned = [];

    /// <summary>Registers what the class lists.</summary>
    /// <exception cref="LibtorchException">libtorch cannot be loaded.</exception>
    protected ExplicitModule()
        : base(Named())
    {
        RegisterChildren();
    }

    /// <summary>How checkpoint tensors fill parameters below this module, where that is not one tensor for one parameter of the same name.</summary>
    public virtual IReadOnlyList<WeightRule> WeightRules => [];

    internal IReadOnlyList<ChildRegistration> Children => _submodules;

    internal IReadOnlyList<ParameterRegistration> Parameters => _registered;

    /// <summary>A parameter without values: <paramref name="shape"/> on the meta device.</summary>
    protected static Parameter NewParameter(params ReadOnlySpan<long> shape) =>
        new(empty(shape, dtype: float32, device: META), requires_grad: false);

    /// <summary>Calls <c>Register</c> once for every child and parameter, in declaration order. Written by the generator for annotated classes.</summary>
    /// <remarks>A class written by hand may register in its own constructor instead.</remarks>
    protected virtual void RegisterChildren()
    {
    }

    /// <summary>Registers a child under <paramref name="name"/>; null, for a child that this configuration lacks, is skipped.</summary>
    /// <param name="checkpointName">Its name in checkpoints where that differs; may hold dots.</param>
    protected void Register(string name, ExplicitModule? child, string? checkpointName = null)
    {
        if (child is not null)
        {
            register_module(name, child);
            _submodules.Add(new(name, checkpointName ?? name, child));
        }
    }

    /// <summary>Registers a parameter under <paramref name="name"/>; null is skipped.</summary>
    /// <param name="assign">Sets the property when a checkpoint, a cast or a move gives the parameter another tensor.</param>
    /// <param name="checkpointName">Its name in checkpoints where that differs; may hold dots.</param>
    /// <param name="dtype">The dtype it keeps whatever the model's is, such as float32 for a correction bias.</param>
    protected void Register(string name, Parameter? parameter, Action<Parameter> assign, string? checkpointName = null, ScalarType? dtype = null)
    {
        if (parameter is not null)
        {
            register_parameter(name, parameter);
            _registered.Add(new(this, name, checkpointName ?? name, parameter, assign, dtype));
        }
    }

    /// <summary>Registered already, by the constructor; TorchSharp's own way reads fields by reflection.</summary>
    protected sealed override void RegisterComponents()
    {
    }

    /// <summary>Casts or moves the parameters after TorchSharp's <c>to</c>, without its reflection.</summary>
    protected sealed override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
    {
        foreach (var parameter in _registered)
        {
            if (parameter.Quantized is { } quantized && device is not null && device.type != quantized.DeviceType)
            {
                throw new InvalidOperationException($"{parameter.Name} is quantized and stays on the {quantized.DeviceType}; load the checkpoint onto {device}");
            }

            var target = parameter.KeptDtype ?? dtype ?? parameter.Value.dtype;
            var place = parameter.Quantized is null && device is not null ? device : parameter.Value.device;
            if (parameter.Value.dtype != target || !SameDevice(parameter.Value.device, place))
            {
                Replace(parameter, parameter.Value.to(target, place, non_blocking: non_blocking), parameter.Quantized);
            }
        }

        foreach (var child in _submodules)
        {
            child.Module._toEpilog(dtype, device, non_blocking);
        }

        if (device is not null)
        {
            NoteDevice(device);
        }
    }

    /// <summary>Disposes children and parameters, then the memory that the parameters lie in.</summary>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            _owned.ForEach(static resource => resource.Dispose());
            _owned.Clear();
        }
    }

    /// <summary>Disposes <paramref name="resource"/> with the module, after its parameters: mapped memory that they lie in.</summary>
    internal void Own(IDisposable resource) => _owned.Add(resource);

    /// <summary>Keeps only this rank's part of the parameters below, before any has values. A module that knows no cut stays whole.</summary>
    /// <param name="path">The module's name, for messages.</param>
    /// <exception cref="ParallelException">Ranks do not divide its sizes.</exception>
    internal virtual void Parallelize(ParallelContext context, string path)
    {
        foreach (var child in _submodules)
        {
            child.Module.Parallelize(context, ModuleWeights.Join(path, child.Name));
        }
    }

    /// <summary>Keeps a part of a parameter; null is skipped.</summary>
    private protected void Cut(Parameter? parameter, ParameterCut cut)
    {
        if (parameter is not null)
        {
            var registration = _registered.Single(registered => ReferenceEquals(registered.Value, parameter));
            using var scope = NewDisposeScope();
            registration.Cut = cut;
            Replace(registration, empty(cut.LocalShape(registration.WholeShape), dtype: parameter.dtype, device: META).DetachFromDisposeScope());
        }
    }

    /// <summary>Tells TorchSharp where the parameters of this module and those below it are now: it moves none that it believes to be there.</summary>
    internal void NoteDevice(Device device)
    {
        (_deviceType, _deviceIndex) = (device.type, device.index);
        foreach (var child in _submodules)
        {
            child.Module.NoteDevice(device);
        }
    }

    /// <summary>Gives a parameter another tensor, which it then owns; the old one is disposed.</summary>
    /// <param name="quantized">The values, where the tensor has none.</param>
    internal void Replace(ParameterRegistration registration, Tensor value, QuantizedWeights? quantized = null)
    {
        var old = registration.Value;
        var parameter = new Parameter(value, old.requires_grad);
        parameter.DetachFromDisposeScope();
        ConditionallyRegisterParameter(registration.Name, parameter);
        registration.Value = parameter;
        registration.Quantized = quantized;
        registration.Assign(parameter);
        old.Dispose();
    }

    private static bool SameDevice(Device a, Device b) => a.type == b.type && a.index == b.index;

    private static string Named()
    {
        Libtorch.Load();
        return nameof(ExplicitModule);
    }
}
