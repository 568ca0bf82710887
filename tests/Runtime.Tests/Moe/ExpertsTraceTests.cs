using System.Diagnostics;
using System.Text;

namespace Moesaic.Tests.Moe;

public sealed class ExpertsTraceTests
{
    [Fact]
    public void AChoice_IsLoggedOnceWithItsFactsAndReason()
    {
        var text = new StringBuilder();
        using var writer = new StringWriter(text);
        using var listener = new TextWriterTraceListener(TextWriter.Synchronized(writer));
        ExpertsTrace.Source.Switch.Level = SourceLevels.Information;
        ExpertsTrace.Source.Listeners.Add(listener);
        try
        {
            for (var i = 0; i < 2; i++)
            {
                using var experts = ExpertsCase.Swiglu(new(3, Hidden: 52, Width: 44, Experts: 5));
                experts.Run(ExpertsBackend.Grouped).Dispose();
                experts.Run(ExpertsBackend.Grouped).Dispose();
            }
        }
        finally
        {
            ExpertsTrace.Source.Listeners.Remove(listener);
            ExpertsTrace.Source.Switch.Level = SourceLevels.Off;
        }

        // Other tests run beside this one and are heard too.
        var line = Assert.Single(text.ToString().Split('\n'), line => line.Contains("52 x 44", StringComparison.Ordinal));
        Assert.EndsWith("5 experts of 52 x 44, SwiGlu, Float32 on CPU: grouped, as asked", line.TrimEnd(), StringComparison.Ordinal);
    }
}
