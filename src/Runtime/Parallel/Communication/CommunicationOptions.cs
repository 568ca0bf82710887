using System.Globalization;

namespace Moesaic.Communication;

/// <summary>How ranks watch each other.</summary>
public sealed record CommunicationOptions
{
    /// <summary>How long a call may wait for the other ranks: a rank that hangs is an error after that, not a process that never ends.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Ranks compare what they are about to call: 40 bytes from each rank to each before every call.</summary>
    public bool ComparesCalls { get; init; } = true;

    /// <summary>As the environment says: <c>MOESAIC_RANK_TIMEOUT</c> in seconds, <c>MOESAIC_COMPARE_CALLS=0</c>.</summary>
    /// <exception cref="CommunicationException">A variable has no such value.</exception>
    public static CommunicationOptions FromEnvironment() => new()
    {
        Timeout = Environment.GetEnvironmentVariable("MOESAIC_RANK_TIMEOUT") switch
        {
            null or "" => TimeSpan.FromMinutes(10),
            var text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1e7 => TimeSpan.FromSeconds(seconds),
            var text => throw new CommunicationException($"MOESAIC_RANK_TIMEOUT: expected seconds above 0, found {text}; correct the environment"),
        },
        ComparesCalls = Environment.GetEnvironmentVariable("MOESAIC_COMPARE_CALLS") switch
        {
            null or "" or "1" => true,
            "0" => false,
            var text => throw new CommunicationException($"MOESAIC_COMPARE_CALLS: expected 0 or 1, found {text}; correct the environment"),
        },
    };
}
