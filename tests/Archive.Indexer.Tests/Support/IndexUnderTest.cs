using Archive.Indexer.Building;
using Archive.Indexer.Generations;
using Archive.Indexer.Searching;
using Archive.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Archive.Indexer.Tests.Support;

/// <summary>An index over a fake archive, in a folder of its own.</summary>
internal sealed class IndexUnderTest : IDisposable
{
    private readonly TempFolder folder = new();

    public IndexUnderTest(FakeFeed feed)
    {
        Feed = feed;
        Options = new IndexOptions(folder["index"], new byte[32]);
        Builder = new IndexBuilder(feed, Current, Options, TimeProvider.System, NullLogger<IndexBuilder>.Instance);
        Search = new SearchIndex(Current, Options);
    }

    public FakeFeed Feed { get; }

    public IndexOptions Options { get; }

    public CurrentIndex Current { get; } = new();

    public IndexBuilder Builder { get; }

    public SearchIndex Search { get; }

    public void Dispose()
    {
        Builder.Dispose();
        Current.Dispose();
        folder.Dispose();
    }
}
