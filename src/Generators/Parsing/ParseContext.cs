using Microsoft.CodeAnalysis;

namespace Moesaic.Generators.Parsing;

/// <summary>What a parser may look at, and where it says what is wrong. A generator drops the findings, the analyzer reports them.</summary>
internal sealed class ParseContext(Compilation compilation, CancellationToken cancellation)
{
    private readonly List<Diagnostic> _findings = [];

    public Compilation Compilation { get; } = compilation;

    public CancellationToken Cancellation { get; } = cancellation;

    public IReadOnlyList<Diagnostic> Findings => _findings;

    /// <summary>The declaration cannot be understood; nothing is generated from it.</summary>
    public bool Failed { get; private set; }

    public void Report(Diagnostic finding)
    {
        _findings.Add(finding);
        Failed |= finding.DefaultSeverity == DiagnosticSeverity.Error;
    }

    /// <summary>What is wrong, and does not keep the declaration from being understood: the rest is generated, so that it alone is to be read.</summary>
    public void Note(Diagnostic finding) => _findings.Add(finding);

    public void Report(DiagnosticDescriptor descriptor, Location? location, params object[] arguments) =>
        Report(Diagnostic.Create(descriptor, location, arguments));

    public void Report(DiagnosticDescriptor descriptor, ISymbol symbol, params object[] arguments) =>
        Report(descriptor, symbol.Locations.FirstOrDefault(), arguments);
}
