using System.Globalization;

namespace Moesaic.Tests.Moe;

public sealed class DeclaredValueTests
{
    [Fact]
    public void Text_IsTheSameInEveryCulture()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            comma.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = comma;
            DeclaredMechanism router = new("Router", [new("topK", 2), new("scale", 0.5), new("norm", true), new("kinds", new[] { "a", "b" }), new("limit", null)]);
            Assert.Equal("Router(topK: 2, scale: 0.5, norm: true, kinds: [a, b], limit: null)", router.ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
