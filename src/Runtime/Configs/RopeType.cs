namespace Moesaic;

/// <summary>The rule by which rotary frequencies are stretched to a longer context.</summary>
public enum RopeType
{
    /// <summary>Not at all.</summary>
    Default,

    /// <summary>Every frequency divided by the factor.</summary>
    Linear,

    /// <summary>The base grows with the sequence (NTK-aware).</summary>
    Dynamic,

    /// <summary>Low frequencies stretched, high ones kept, a ramp between. https://arxiv.org/abs/2309.00071.</summary>
    Yarn,

    /// <summary>As Llama 3.1: by wavelength, with a ramp between two bounds.</summary>
    Llama3,

    /// <summary>One factor per frequency, another set beyond the original length. https://arxiv.org/abs/2402.13753.</summary>
    LongRope,
}
