namespace Moesaic.Package.Tests;

/// <summary>All that needs packages; one after the other, on one feed.</summary>
[CollectionDefinition(Name)]
public sealed class PackageTests : ICollectionFixture<Workshop>
{
    internal const string Name = "packages";
}
