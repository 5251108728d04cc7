using System.Runtime.CompilerServices;
using Archive.Indexer.Building;
using Archive.Indexer.Facets;
using Archive.Model.Datasets;
using Archive.Model.Search;

namespace Archive.Indexer.Tests.Support;

/// <summary>An archive in memory: what is public, in which change, and the shelves that were kept.</summary>
internal sealed class FakeFeed : IndexFeed
{
    private readonly Dictionary<Accession, Entry> entries = [];
    private long change;

    public override string Recipe => RecipeText + Facets.Stamp;

    public override FacetCatalogue Facets => Catalogue;

    /// <summary>The facets that documents have values of.</summary>
    public FacetCatalogue Catalogue { get; set; } = TestFacets.Catalogue;

    /// <summary>How documents are made.</summary>
    public string RecipeText { get; set; } = "fake";

    public Dictionary<(Accession Accession, int Version), byte[]> Shelves { get; } = [];

    /// <summary>Shelves that had to be made.</summary>
    public int ShelvesMade { get; private set; }

    /// <summary>Called before a document is read.</summary>
    public Action<Accession>? OnRead { get; set; }

    /// <summary>Changes that it does not tell; null: it tells all.</summary>
    public Predicate<DatasetChange>? KeepsBack { get; set; }

    /// <summary>Called after a change was told and before the next one is looked for.</summary>
    public Action<DatasetChange>? OnTold { get; set; }

    /// <summary>Called before files are read.</summary>
    public Action? OnFiles { get; set; }

    /// <summary>Waited for before the files of a version are read.</summary>
    public Func<Accession, Task>? BeforeFiles { get; set; }

    public IEnumerable<Accession> Public => entries.Where(e => e.Value.IsPublic).Select(e => e.Key);

    public (SearchDocument Document, List<SearchFile> Files) this[Accession accession] => (entries[accession].Document, entries[accession].Files);

    public void Release(SearchDocument document, IEnumerable<SearchFile> files)
    {
        var version = entries.TryGetValue(document.Accession, out var before) ? before.Document.Version + 1 : 1;
        change++;
        entries[document.Accession] = new Entry(
            document with { Version = version, Change = change }, [.. files.OrderBy(f => f.Path)], IsPublic: true, change);
    }

    /// <summary>The archive as it was restored from a backup of that change.</summary>
    public void GoBackTo(long backup)
    {
        foreach (var accession in entries.Where(e => e.Value.Change > backup).Select(e => e.Key).ToList()) entries.Remove(accession);
        change = backup;
    }

    /// <summary>What the files of a dataset are really like, when a shelf does not say so.</summary>
    public void Replace(Accession accession, IEnumerable<SearchFile> files) => entries[accession] = entries[accession] with { Files = [.. files.OrderBy(f => f.Path)] };

    public void Withdraw(Accession accession) => entries[accession] = entries[accession] with { IsPublic = false, Change = ++change };

    public override async IAsyncEnumerable<DatasetChange> ListChangesAsync(long since, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.Yield();
        // As from a database that is read a portion at a time: what changes meanwhile is told too, of a dataset told before once more.
        while (entries.Where(e => e.Value.Change > since).OrderBy(e => e.Value.Change).ToList() is { Count: > 0 } portion)
        {
            foreach (var (accession, entry) in portion)
            {
                since = entry.Change;
                var told = new DatasetChange(accession, entry.Change, entry.IsPublic);
                if (KeepsBack?.Invoke(told) == true) continue;
                yield return told;
                OnTold?.Invoke(told);
            }
        }
    }

    public override Task<SearchDocument?> ReadAsync(Accession accession, CancellationToken ct)
    {
        OnRead?.Invoke(accession);
        return Task.FromResult(entries.TryGetValue(accession, out var entry) && entry.IsPublic ? entry.Document : null);
    }

    public override async IAsyncEnumerable<SearchFile> ReadFilesAsync(Accession accession, int version, [EnumeratorCancellation] CancellationToken ct)
    {
        OnFiles?.Invoke();
        await (BeforeFiles?.Invoke(accession) ?? Task.CompletedTask);
        foreach (var file in entries[accession].Files) yield return file;
    }

    public override Task<Stream?> OpenShelfAsync(Accession accession, int version, CancellationToken ct) =>
        Task.FromResult<Stream?>(Shelves.TryGetValue((accession, version), out var bytes) ? new MemoryStream(bytes) : null);

    public override async Task KeepShelfAsync(Accession accession, int version, Stream shelf, long lengthBytes, CancellationToken ct)
    {
        using var copy = new MemoryStream();
        await shelf.CopyToAsync(copy, ct);
        Assert.AreEqual(lengthBytes, copy.Length);
        Shelves[(accession, version)] = copy.ToArray();
        ShelvesMade++;
    }

    private sealed record Entry(SearchDocument Document, List<SearchFile> Files, bool IsPublic, long Change);
}
