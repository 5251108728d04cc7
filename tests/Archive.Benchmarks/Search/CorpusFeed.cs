using System.Runtime.CompilerServices;
using System.Text;
using Archive.Indexer.Building;
using Archive.Indexer.Facets;
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
    private Grouping grouping;

    /// <param name="corpus">Where they are.</param>
    /// <param name="filesEach">Cuts each dataset into ones of so many files at most; null for none.</param>
    public CorpusFeed(Corpus corpus, int? filesEach)
    {
        path = Path.Combine(corpus.Folder, "files.tsv");
        this.filesEach = filesEach;
        known = texts.GetAlternateLookup<ReadOnlySpan<char>>();
        var scanned = new Grouping();
        using var scan = Open();
        for (; scan.ReadLine() is { } next; Files++) scanned.Move(next, filesEach);
        Datasets = scanned.Group + 1;
    }

    public override string Recipe => "corpus";

    public override FacetCatalogue Facets => FacetCatalogue.Standard;

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
        while (line is not null && grouping.Group == accession.Number - 1)
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
        grouping = new Grouping();
        Move();
    }

    private void Move()
    {
        line = reader!.ReadLine();
        if (line is not null) grouping.Move(line, filesEach);
    }

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

    // Numbers datasets in the order of their lines, so that those of the corpus keep their numbers where they are not cut.
    private struct Grouping()
    {
        private int files;
        private string dataset = "";

        public int Group { get; private set; } = -1;

        public void Move(string line, int? filesEach)
        {
            var own = line.AsSpan(0, line.IndexOf('\t'));
            if (!own.SequenceEqual(dataset))
            {
                dataset = own.ToString();
                files = 0;
            }
            if (files == 0) Group++;
            files = files + 1 == filesEach ? 0 : files + 1;
        }
    }
}
