using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Moesaic.Generators.Evaluation;

/// <summary>What <c>this</c> is where an expression stands.</summary>
internal interface IMembers
{
    /// <summary>Where its methods are written, nearest first, and what they see.</summary>
    IEnumerable<(TypeDeclarationSyntax Declaration, Scope Scope)> Declarations { get; }

    /// <summary>Null where there is none of that name.</summary>
    Value? Member(string name);
}
