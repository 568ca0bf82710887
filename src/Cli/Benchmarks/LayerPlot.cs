using System.Globalization;
using System.Security;
using System.Text;

namespace Moesaic.Cli.Benchmarks;

/// <summary>A run as a picture: for each candidate, its fraction of the floor over the number of tokens.</summary>
internal static class LayerPlot
{
    private const int Width = 720, Height = 400, Left = 60, Right = 140, Top = 50, Bottom = 50;
    private static readonly string[] Colors = ["#888888", "#1f77b4", "#2ca02c", "#d62728", "#9467bd"];

    /// <summary>An SVG document that needs nothing else.</summary>
    internal static string Svg(LayerReport report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="sans-serif" font-size="12">
            <rect width="{Width}" height="{Height}" fill="white"/>
            <text x="{Left}" y="20" font-size="14">{SecurityElement.Escape(report.Name)}, {report.Layer.Dtype} on {report.Layer.Device}: fraction of the machine's floor</text>

            """);
        for (var tenth = 0; tenth <= 10; tenth += 2)
        {
            var y = Y(tenth / 10.0);
            text.Append(CultureInfo.InvariantCulture, $"""
                <line x1="{Left}" y1="{y:F1}" x2="{Width - Right}" y2="{y:F1}" stroke="#dddddd"/>
                <text x="{Left - 8}" y="{y + 4:F1}" text-anchor="end">{tenth / 10.0:F1}</text>

                """);
        }

        for (var i = 0; i < report.Measurements.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"""<text x="{X(i, report):F1}" y="{Height - Bottom + 18}" text-anchor="middle">{report.Measurements[i].Tokens}</text>""").Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $"""<text x="{(Left + Width - Right) / 2}" y="{Height - 12}" text-anchor="middle">tokens</text>""").Append('\n');
        var names = report.Measurements.SelectMany(static measurement => measurement.Candidates).Select(static candidate => candidate.Name).Distinct().ToArray();
        for (var i = 0; i < names.Length; i++)
        {
            AppendLine(text, report, names[i], Colors[i % Colors.Length], Top + (18 * i));
        }

        return text.Append("</svg>\n").ToString();
    }

    private static void AppendLine(StringBuilder text, LayerReport report, string name, string color, int labelY)
    {
        var points = report.Measurements
            .Select((measurement, i) => (X: X(i, report), Y: Y(measurement.FloorMilliseconds / measurement.Candidates.Single(candidate => candidate.Name == name).Milliseconds)))
            .ToArray();
        var line = string.Join(' ', points.Select(static point => string.Create(CultureInfo.InvariantCulture, $"{point.X:F1},{point.Y:F1}")));
        text.Append(CultureInfo.InvariantCulture, $"""<polyline points="{line}" fill="none" stroke="{color}" stroke-width="2"/>""").Append('\n');
        foreach (var (x, y) in points)
        {
            text.Append(CultureInfo.InvariantCulture, $"""<circle cx="{x:F1}" cy="{y:F1}" r="3" fill="{color}"/>""").Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $"""<text x="{Width - Right + 16}" y="{labelY}" fill="{color}">{name}</text>""").Append('\n');
    }

    /// <summary>Numbers of tokens stand at even distances.</summary>
    private static double X(int index, LayerReport report) =>
        Left + ((Width - Left - Right) * (index + 0.5) / report.Measurements.Count);

    private static double Y(double fraction) => Height - Bottom - ((Height - Top - Bottom) * Math.Clamp(fraction, 0, 1));
}
