using System.Runtime.CompilerServices;
using System.Text;
using Archive.Indexer.Building;
using Archive.Model.Datasets;
using Archive.Model.Files;
using Archive.Model.Search;

namespace Archive.Benchmarks.Search;

/// <summary>
/// The files of a generated corpus as an archive: <c>files.tsv</c> with dataset number, path, length, format, then
/// <c>Name=value</c>, sorted by dataset and path. Read from front to end while an index is built, so nothing is held in memory.
/// </summary>
internal sealed class CorpusFeed : IndexFeed, IDisposable
{
    private const string Prefix = "S-BENCH";

    private readonly string path;
    private readonly int? filesEach;
    private readonly Dictionary<string, string> texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> known;
    private StreamReader? reader;
    private string? line;
    private int lineGroup;
    private long lines;

    /// <param name="folder">Of the corpus.</param>
    /// <param name="filesEach">Cuts the files into datasets of so many in place of their own; null for their own.</param>
    public CorpusFeed(string folder, int? filesEach)
    {
        path = Path.Combine(folder, "files.tsv");
        this.filesEach = filesEach;
        known = texts.GetAlternateLookup<ReadOnlySpan<char>>();
        using var scan = Open();
        while (scan.ReadLine() is { } next)
        {
            Datasets = GroupOf(next, Files) + 1;
            Files++;
        }
    }

    /// <summary>Files of the corpus.</summary>
    public long Files { get; }

    /// <summary>Datasets that they are in.</summary>
    public int Datasets { get; }

    /// <summary>The accession of a dataset of the corpus, by its number there.</summary>
    public static Accession AccessionOf(int number) => Accession.From(Prefix, number + 1);

    public override async IAsyncEnumerable<DatasetChange> ListChangesAsync(long since, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        for (var number = (int)since; number < Datasets; number++) yield return new DatasetChange(AccessionOf(number), number + 1, IsPublic: true);
    }

    public override Task<SearchDocument?> ReadAsync(Accession accession, CancellationToken ct) => Task.FromResult<SearchDocument?>(new()
    {
        Accession = accession, Version = 1, Change = accession.Number, Title = "A dataset", Texts = [], Facets = [],
    });

    public override async IAsyncEnumerable<SearchFile> ReadFilesAsync(Accession accession, int version, [EnumeratorCancellation] CancellationToken ct)
    {
        await Task.CompletedTask;
        if (accession.Number == 1) Start();
        while (line is not null && lineGroup == accession.Number - 1)
        {
            yield return Parse(line);
            Move();
        }
    }

    public override Task<Stream?> OpenShelfAsync(Accession accession, int version, CancellationToken ct) => Task.FromResult<Stream?>(null);

    public override Task KeepShelfAsync(Accession accession, int version, Stream shelf, long lengthBytes, CancellationToken ct) => Task.CompletedTask;

    public void Dispose() => reader?.Dispose();

    private void Start()
    {
        reader?.Dispose();
        reader = Open();
        lines = 0;
        Move();
    }

    private void Move()
    {
        line = reader!.ReadLine();
        if (line is not null) lineGroup = GroupOf(line, lines++);
    }

    private int GroupOf(string text, long number) => filesEach is { } each ? (int)(number / each) : int.Parse(text.AsSpan(0, text.IndexOf('\t')));

    private SearchFile Parse(string text)
    {
        var cells = text.Split('\t');
        var attributes = new FileAttribute[cells.Length - 4];
        for (var i = 0; i < attributes.Length; i++)
        {
            var cell = cells[i + 4].AsSpan();
            var split = cell.IndexOf('=');
            attributes[i] = new FileAttribute(Shared(cell[..split]), Shared(cell[(split + 1)..]));
        }
        return new SearchFile(ArchivePath.FromStore(cells[1]), long.Parse(cells[2]), Shared(cells[3]), attributes);
    }

    private string Shared(ReadOnlySpan<char> text)
    {
        if (known.TryGetValue(text, out var shared)) return shared;
        var added = text.ToString();
        return texts[added] = added;
    }

    private StreamReader Open() => new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20), Encoding.UTF8, false, 1 << 16);
}
