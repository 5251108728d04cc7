using Archive.Indexer.Building;
using Archive.Indexer.Facets;
using Archive.Indexer.Generations;
using Archive.Indexer.Searching;
using Archive.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Archive.Indexer.Tests.Support;

/// <summary>An index over a fake archive, in a folder of its own.</summary>
internal sealed class IndexUnderTest : IDisposable
{
    private readonly TempFolder? folder;

    public IndexUnderTest(FakeFeed feed)
        : this(feed, new TempFolder())
    {
    }

    private IndexUnderTest(FakeFeed feed, TempFolder folder)
        : this(feed, new IndexOptions(folder["index"], new byte[32]) { Facets = TestFacets.Catalogue, Packs = new PackSizes(64, 150) }) => this.folder = folder;

    private IndexUnderTest(FakeFeed feed, IndexOptions options)
    {
        Feed = feed;
        Options = options;
        Builder = new IndexBuilder(feed, Current, Options, TimeProvider.System, NullLogger<IndexBuilder>.Instance);
        Search = new SearchIndex(Current, Options);
    }

    public FakeFeed Feed { get; }

    public IndexOptions Options { get; }

    public CurrentIndex Current { get; } = new();

    public IndexBuilder Builder { get; }

    public SearchIndex Search { get; }

    /// <summary>What the next process on the same folder would be. Dispose of it before this one.</summary>
    /// <param name="facets">Another list of facets.</param>
    public IndexUnderTest Restarted(FacetCatalogue? facets = null) => new(Feed, facets is null ? Options : Options with { Facets = facets });

    public void Dispose()
    {
        Builder.Dispose();
        Current.Dispose();
        folder?.Dispose();
    }
}
