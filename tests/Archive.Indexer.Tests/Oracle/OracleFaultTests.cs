using System.Runtime.InteropServices;
using Archive.Indexer.Columns;
using Archive.Indexer.Facets;
using Archive.Indexer.Format;
using Archive.Indexer.Generations;
using Archive.Indexer.Tests.Support;
using Archive.Indexer.Text;

namespace Archive.Indexer.Tests.Oracle;

/// <summary>That the comparison with brute force finds what may go wrong: each fault is put into a sound index, and each must be told.</summary>
[TestClass]
public sealed class OracleFaultTests
{
    private const int Datasets = 30;

    // Until a fault is met; sound indexes bear as many.
    private const int Queries = 200;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task Compare_WhenNothingIsWrong_TellsNothing()
    {
        using var index = await BuildAsync();
        await ChangeAsync(index);
        Edit(index, _ => { });
        OracleTests.Compare(index, new Corpus(1), Queries, "written again as it was");
    }

    [TestMethod]
    public Task Compare_WhenAPostingIsDropped_TellsIt() => EditAndCompareAsync((file, text) => file.EditPostings(terms => terms[text.Find("cell")].RemoveAt(3)));

    [TestMethod]
    public Task Compare_WhenAFrequencyIsOneMore_TellsIt() => EditAndCompareAsync((file, text) => file.EditPostings(terms =>
    {
        ref var posting = ref CollectionsMarshal.AsSpan(terms[text.Find("mous")])[0];
        posting.Frequency++;
    }));

    [TestMethod]
    public Task Compare_WhenTwoTermsHaveEachOthersPostings_TellsIt() => EditAndCompareAsync((file, text) => file.EditPostings(terms =>
    {
        var term = text.Find("gfp");
        (terms[term], terms[term + 1]) = (terms[term + 1], terms[term]);
    }));

    [TestMethod]
    public Task Compare_WhenAFieldWeighsOneMore_TellsIt() => EditAndCompareAsync((file, _) =>
    {
        for (var dataset = 0; dataset < Datasets; dataset++) file[TextIndex.WeightsSection][(dataset * TextFields.All.Count) + TextFields.Find("title")]++;
    });

    [TestMethod]
    public Task Compare_WhenAFacetCountsOneMore_TellsIt() => EditAndCompareAsync((file, _) =>
    {
        var table = file[Sections.Datasets];
        MemoryMarshal.Cast<byte, uint>(table.AsSpan((int)FindColumn(table, 0, "licence").TotalsOffset))[1]++;
    });

    [TestMethod]
    public Task Compare_WhenTwoDatasetsHaveEachOthersDay_TellsIt() => EditAndCompareAsync((file, _) =>
    {
        var table = file[Sections.Datasets];
        var record = (int)MemoryMarshal.Read<TableHeader>(table).NumbersOffset + (DatasetNumbers.Released * NumberColumn.RecordBytes);
        int width = table[record + 6], data = MemoryMarshal.Read<int>(table.AsSpan(record + 8));
        Assert.IsFalse(table.AsSpan(data, width).SequenceEqual(table.AsSpan(data + width, width)));
        var first = table[data..(data + width)];
        table.AsSpan(data + width, width).CopyTo(table.AsSpan(data));
        first.CopyTo(table.AsSpan(data + width));
    });

    [TestMethod]
    public async Task Compare_WhenAFileHasTheNextValue_TellsIt()
    {
        using var index = await BuildAsync();
        Edit(index, (file, generation) =>
        {
            var shelves = file[Sections.Shelves];
            for (var dataset = 0; dataset < Datasets; dataset++)
            {
                var shelf = (int)generation.Record(dataset).ShelfOffset;
                if (generation.Shelf(dataset).Rows == 0) continue;
                var column = FindColumn(shelves, shelf, "Channel");
                ref var ordinal = ref shelves[shelf + (int)column.DataOffset];
                if (column.Encoding != ColumnEncoding.Bytes || ordinal == 0 || ordinal >= column.Cardinality) continue;
                ordinal++;
                return;
            }
            Assert.Fail("No shelf has such a column.");
        });
        AssertTold(index);
    }

    [TestMethod]
    public async Task Compare_WhenAShownTextBeginsOneLetterLate_TellsIt()
    {
        using var index = await BuildAsync();
        Edit(index, (file, generation) =>
        {
            var (stored, starts) = (new ByteBuffer(), new long[Datasets + 1]);
            for (var dataset = 0; dataset < Datasets; dataset++)
            {
                var shown = generation.Stored(dataset);
                StoredDatasetCodec.Write(stored, shown with { Title = dataset == 5 ? shown.Title[1..] : shown.Title });
                starts[dataset + 1] = stored.Length;
            }
            (file[Sections.Stored], file[Sections.StoredIndex]) = (stored.Written.ToArray(), MemoryMarshal.AsBytes<long>(starts).ToArray());
        });
        AssertTold(index);
    }

    [TestMethod]
    public async Task Compare_WhenTheMaskLacksARevisedDataset_TellsIt()
    {
        using var index = await BuildAsync();
        await ChangeAsync(index);
        Replace(index, segments => [new Segment(segments[0].Generation, segments[0].CutDatasets().Where(d => segments[1].FindLive(segments[0].Generation.Accession(d)) < 0)), segments[1]]);
        AssertTold(index);
    }

    [TestMethod]
    public async Task Compare_WhenAWithdrawnDatasetIsLeft_TellsIt()
    {
        using var index = await BuildAsync();
        index.Feed.KeepsBack = change => !change.IsPublic;
        await ChangeAsync(index);
        AssertTold(index);
    }

    [TestMethod]
    public async Task Compare_WhenTheDeltaHasADatasetOnceMore_TellsIt()
    {
        using var index = await BuildAsync();
        var twice = Corpus.AccessionOf(5);
        var feed = new FakeFeed();
        var (document, files) = index.Feed[twice];
        feed.Release(document, files);
        using var delta = new IndexUnderTest(feed);
        await delta.Builder.OpenAsync(Ct);
        using var lease = delta.Current.Lease();
        List<Segment> With(Segment main, params int[] cut) => [new Segment(main.Generation, cut), lease.Snapshot.Segments[0]];
        Replace(index, segments => With(segments[0], segments[0].Generation.Find(twice)));
        OracleTests.Compare(index, new Corpus(1), 60, "once in the delta");

        Replace(index, segments => With(segments[0]));

        AssertTold(index);
    }

    private async Task<IndexUnderTest> BuildAsync()
    {
        var corpus = new Corpus(11);
        var index = new IndexUnderTest(new FakeFeed());
        for (var i = 1; i <= Datasets; i++) index.Feed.Release(corpus.Document(i), corpus.Files());
        await index.Builder.OpenAsync(Ct);
        return index;
    }

    private async Task ChangeAsync(IndexUnderTest index)
    {
        var corpus = new Corpus(12);
        foreach (var number in new[] { 4, 8, Datasets + 1 }) index.Feed.Release(corpus.Document(number), corpus.Files());
        index.Feed.Withdraw(Corpus.AccessionOf(6));
        await index.Builder.UpdateAsync(Ct);
    }

    private async Task EditAndCompareAsync(Action<IndexEdit, TextIndex> fault)
    {
        using var index = await BuildAsync();
        Edit(index, (file, generation) => fault(file, generation.Text));
        AssertTold(index);
    }

    private static void AssertTold(IndexUnderTest index) =>
        Assert.ThrowsExactly<AssertFailedException>(() => OracleTests.Compare(index, new Corpus(1), Queries, "with a fault"));

    private static void Edit(IndexUnderTest index, Action<IndexEdit> fault) => Edit(index, (file, _) => fault(file));

    // Puts the main generation in place again with a fault.
    private static void Edit(IndexUnderTest index, Action<IndexEdit, Generation> fault) => Replace(index, segments =>
    {
        var generation = segments[0].Generation;
        // It was renamed since it was opened.
        var built = new GenerationFolder(index.Options).PathOf(generation.Info.Name);
        var file = new IndexEdit(built);
        fault(file, generation);
        var path = built + ".edited";
        file.WriteTo(path);
        return [new Segment(Generation.Open(path, deleteAtEnd: true), segments[0].CutDatasets()), .. segments.Skip(1)];
    });

    private static void Replace(IndexUnderTest index, Func<IReadOnlyList<Segment>, List<Segment>> replace)
    {
        using var lease = index.Current.Lease();
        var known = lease.Snapshot.Segments.Select(s => s.Generation).ToList();
        var segments = replace(lease.Snapshot.Segments);
        // What was opened for it is held already.
        foreach (var generation in segments.Select(s => s.Generation))
            if (known.Contains(generation) || !generation.Path.EndsWith(".edited", StringComparison.Ordinal))
                Assert.IsTrue(generation.TryHold());
        index.Current.Swap(new IndexSnapshot(segments, lease.Snapshot.Facets, lease.Snapshot.Stamp.NewestChange));
    }

    private static ColumnRecord FindColumn(byte[] bytes, int tableAt, string name)
    {
        var table = bytes.AsSpan(tableAt);
        var header = MemoryMarshal.Read<TableHeader>(table);
        foreach (var record in MemoryMarshal.Cast<byte, ColumnRecord>(table.Slice((int)header.ColumnsOffset, (int)header.ColumnCount * ColumnRecord.Size)))
            if (table.Slice((int)record.NameOffset, record.NameLength).SequenceEqual(FrontCodedListWriter.Encode(name)))
                return record;
        throw new InvalidOperationException($"There is no column {name}.");
    }
}
