using System.Text;
using Archive.Api.Datasets;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.PageTab;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Storage.Metadata.Postgres;
using Archive.Submissions.Sharing;
using Archive.TestKit.Databases;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Unit;

/// <summary>Many strangers at one of the largest page tabs, on a real database: what they take together is bounded, not what each takes.</summary>
[TestClass]
[DoNotParallelize]
public sealed class DatasetDocumentsTests
{
    private const int Strangers = 50;
    private static readonly DateTimeOffset Released = new(2026, 3, 10, 0, 0, 0, TimeSpan.Zero);

    public required TestContext TestContext { get; init; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task ReadStudy_WhenManyAskAtOnce_AllocatesForOne()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        var (store, dataset) = await AddAsync(database, Large(), Released);
        using var documents = new DatasetDocuments(store);

        var before = GC.GetTotalAllocatedBytes(precise: true);
        var views = await Task.WhenAll(Enumerable.Range(0, Strangers).Select(_ => documents.ReadStudyAsync(dataset.DocumentOf(dataset.Latest), Ct)));
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        TestContext.WriteLine($"{Strangers} readers allocated {allocated >> 20} MiB in all");
        Assert.IsTrue(views.All(v => ReferenceEquals(v, views[0])));
        Assert.IsTrue(views[0]!.IsShortened);
        Assert.AreEqual("Depositor number " + new string('0', 70), views[0]!.Study.Authors[0].Name);
        // The text in pieces as they come from the database and as they are put together, one view, and the first piece for each.
        Assert.IsLessThan(100L << 20, allocated);
    }

    [TestMethod]
    public async Task Blind_WhenManyReviewersAskAtOnce_AllocatesForOne()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        var (store, dataset) = await AddAsync(database, Large(), Released);
        using var documents = new DatasetDocuments(store);
        var sharing = new SharingWriter(new PostgresSharingStore(database.Metadata),
            new EffectDrain(new PostgresMailStore(database.Metadata), new PostgresAuditStore(database.Metadata), new PostgresChangeSignal(database.Metadata, NullLogger<PostgresChangeSignal>.Instance)), NullLogger<SharingWriter>.Instance);
        using var blind = new BlindDocuments(documents, new PostgresSubmissionStore(database.Metadata, TimeProvider.System), new PostgresAccountStore(database.Metadata), sharing);
        async Task<(BlindFacts Facts, PageTabExcerpt Page)> VisitAsync()
        {
            var facts = await blind.FactsOfAsync(dataset, Ct);
            return (facts, await blind.ReadAsync(dataset.DocumentOf(dataset.Latest), facts.Redaction, Ct));
        }
        var first = GC.GetTotalAllocatedBytes(precise: true);
        await VisitAsync();
        first = GC.GetTotalAllocatedBytes(precise: true) - first;

        var before = GC.GetTotalAllocatedBytes(precise: true);
        var visits = await Task.WhenAll(Enumerable.Range(0, Strangers).Select(_ => VisitAsync()));
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        TestContext.WriteLine($"the first reviewer allocated {first >> 20} MiB, {Strangers} more {allocated >> 20} MiB in all");
        Assert.IsTrue(visits.All(v => v.Page.IsShortened && v.Facts.Redaction.Count > 1000));
        Assert.AreEqual("by [removed]", visits[0].Facts.Redaction.Apply("by Depositor number " + new string('0', 70)));
        // Less than the page tab once for each, which is what reading it takes at least.
        Assert.IsLessThan(Strangers * PageTabLimits.Default.MaxBytes / 2, allocated);
    }

    [TestMethod]
    public async Task OpenPageTab_WhenManyReadAtOnce_HoldsAPieceForEach()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        var (store, dataset) = await AddAsync(database, Large(), Released);
        using var documents = new DatasetDocuments(store);
        var part = new byte[1 << 20];
        var opened = new List<StoredPageTab>();

        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Strangers; i++)
        {
            opened.Add((await documents.OpenPageTabAsync(dataset, dataset.Latest, Ct))!);
            await opened[i].Content.ReadExactlyAsync(part, Ct);
        }
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;

        TestContext.WriteLine($"{Strangers} readers hold {held >> 10} KiB");
        Assert.IsLessThan(Strangers * (256L << 10), held);
        foreach (var stored in opened) await stored.DisposeAsync();
    }

    [TestMethod]
    public async Task OpenPageTab_WhenTheDateWasMoved_WritesItOnce()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        var (store, dataset) = await AddAsync(database, """{"accno":"S-TEST1","type":"submission","attributes":[]}"""u8.ToArray(), null);
        using var documents = new DatasetDocuments(store);
        var moved = dataset with { ReleaseDate = Released };

        var readings = await Task.WhenAll(Enumerable.Range(0, Strangers).Select(async _ =>
        {
            await using var stored = await documents.OpenPageTabAsync(moved, dataset.Latest, Ct);
            using var reader = new StreamReader(stored!.Content, Encoding.UTF8);
            return (await reader.ReadToEndAsync(Ct), stored.Revision);
        }));

        var expected = ("""{"accno":"S-TEST1","type":"submission","attributes":[{"name":"ReleaseDate","value":"2026-03-10"}]}""", 2L);
        Assert.AreEqual(expected, readings.Distinct().Single());
    }

    [TestMethod]
    public async Task ReadStudy_WhenShort_IsReadAtOnceAndNotKept()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        var (store, dataset) = await AddAsync(database, """{"section":{"type":"Study","attributes":[{"name":"Title","value":"Yeast"}]}}"""u8.ToArray(), null);
        using var documents = new DatasetDocuments(store);

        var first = await documents.ReadStudyAsync(dataset.DocumentOf(dataset.Latest), Ct);
        var second = await documents.ReadStudyAsync(dataset.DocumentOf(dataset.Latest), Ct);

        Assert.AreEqual("Yeast", first!.Study.Title);
        Assert.IsFalse(first.IsShortened);
        Assert.AreNotSame(first, second);
        Assert.IsNull(await documents.ReadStudyAsync(dataset.DocumentOf(dataset.Latest) with { Number = 2 }, Ct));
    }

    private async Task<(PostgresDatasetStore Store, Dataset Dataset)> AddAsync(TestDatabase database, byte[] json, DateTimeOffset? date)
    {
        var dataset = new Dataset
        {
            Accession = Accession.From("S-TEST", 1), Collection = "BioImages", Owner = AccountId.New(), State = DatasetState.Released, ReleaseDate = date,
            Title = "Yeast", Versions = [new(1, SubmissionId.New(), Released, 0, 0)],
        };
        var store = new PostgresDatasetStore(database.Metadata);
        using var content = new MemoryStream(json);
        using var text = (await PageTabText.ReceiveAsync(content, long.MaxValue, Ct))!;
        await store.AddDocumentAsync(dataset.DocumentOf(dataset.Latest), text, date, text, Ct);
        return (store, dataset);
    }

    private static byte[] Large()
    {
        var json = new StringBuilder("""{"attributes":[{"name":"ReleaseDate","value":"2026-03-10"}],"section":{"type":"Study","subsections":[""");
        for (var i = 0; json.Length < (int)PageTabLimits.Default.MaxBytes - 200; i++)
            json.Append(i == 0 ? "" : ",").Append($$"""{"type":"Author","accno":"a{{i}}","attributes":[{"name":"Name","value":"Depositor number {{i:d70}}"}]}""");
        return Encoding.UTF8.GetBytes(json.Append("]}}").ToString());
    }
}
