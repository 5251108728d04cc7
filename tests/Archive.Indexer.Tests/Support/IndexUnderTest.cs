using Archive.Indexer.Building;
using Archive.Indexer.Generations;
using Archive.Indexer.Searching;
using Archive.Indexer.Vocabulary;
using Archive.Storage.Objects;
using Archive.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Archive.Indexer.Tests.Support;

/// <summary>An index over a fake archive, in a folder of its own.</summary>
internal sealed class IndexUnderTest : IDisposable
{
    private readonly TempFolder? folder;
    private readonly IObjectStore? store;

    public IndexUnderTest(FakeFeed feed)
        : this(feed, QueryLimits.Standard)
    {
    }

    public IndexUnderTest(FakeFeed feed, QueryLimits limits, NameIndex? names = null)
        : this(feed, new TempFolder()) => Search = new SearchIndex(Current, Options) { Limits = limits, Names = names ?? NameIndex.Empty };

    private IndexUnderTest(FakeFeed feed, TempFolder folder)
        : this(feed, new IndexOptions(folder["index"], new byte[32]) { Packs = new PackSizes(64, 150) }) => this.folder = folder;

    private IndexUnderTest(FakeFeed feed, IndexOptions options, IObjectStore? store = null)
    {
        Feed = feed;
        Options = options;
        this.store = store;
        Builder = new IndexBuilder(feed, Current, Options, store, TimeProvider.System, NullLogger<IndexBuilder>.Instance);
        Search = new SearchIndex(Current, Options);
    }

    /// <summary>A node of several that share a store; it looks after its folder itself.</summary>
    public static IndexUnderTest Node(FakeFeed feed, string folder, IObjectStore store, bool builds) =>
        new(feed, new IndexOptions(folder, new byte[32]) { Builds = builds, Packs = new PackSizes(64, 150) }, store);

    public FakeFeed Feed { get; }

    public IndexOptions Options { get; }

    public CurrentIndex Current { get; } = new();

    public IndexBuilder Builder { get; }

    public SearchIndex Search { get; }

    /// <summary>What the next process on the same folder would be. Dispose of it before this one.</summary>
    public IndexUnderTest Restarted() => new(Feed, Options, store);

    public void Dispose()
    {
        Builder.Dispose();
        Current.Dispose();
        folder?.Dispose();
    }
}
