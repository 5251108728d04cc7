using System.Globalization;
using System.Text.Json;
using Archive.Api.Tests.Support;
using Archive.Model.Datasets;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Http;

/// <summary>A partner keeps a copy of the catalogue while others write, and loses his connection now and then.</summary>
[TestClass]
public sealed class HarvestTests
{
    private const int Writers = 8;

    public required TestContext TestContext { get; init; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public Task Harvest_WhenCutWhileOthersWrite_GivesTheExactCatalogue() => HarvestAsync(datasets: 2000, changes: 60, cuts: 20);

    [TestMethod]
    public Task Harvest_WhenTheCatalogueIsLarge_GivesTheExactCatalogue()
    {
        if (Environment.GetEnvironmentVariable("ARCHIVE_TEST_LONG") != "1") Assert.Inconclusive("A long run: set ARCHIVE_TEST_LONG=1.");
        return HarvestAsync(datasets: 100_000, changes: 500, cuts: 20);
    }

    private async Task HarvestAsync(int datasets, int changes, int cuts)
    {
        await using var archive = await HarvestedArchive.StartAsync(datasets, Ct);
        await archive.DelayCommitsAsync(0.05, Ct);
        var random = new Random(4711);
        var partner = new Partner(archive.Process.Http);
        var caughtUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // Half of the changes come while the partner reads what is old, the others while he reads what is new.
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(w => WriteAsync(archive, w, datasets, changes, caughtUp.Task)));

        for (var cut = 0; cut < cuts; cut++)
            await (cut % 4 == 0 ? partner.PageAsync(1 + random.Next(1000), Ct) : partner.ReadAsync(1 + random.Next(2 * datasets / cuts), Ct));
        while (true)
        {
            var isLast = writing.IsCompleted;
            var count = await partner.ReadAsync(int.MaxValue, Ct);
            if (count == 0) caughtUp.TrySetResult();
            if (count == 0 && isLast) break;
        }
        await writing;

        Assert.AreEqual(datasets + changes, archive.Written.Values.Max(d => d.Change), "every write that the public sees took one number");
        Compare(archive, partner);
        TestContext.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{datasets} datasets, {changes} changes, {partner.Lines} lines in {partner.Requests} requests"));
    }

    // Each writer has datasets of its own, so that none loses to another.
    private async Task WriteAsync(HarvestedArchive archive, int writer, int datasets, int changes, Task caughtUp)
    {
        var mine = Enumerable.Range(0, changes).Where(i => i % Writers == writer).ToList();
        foreach (var i in mine)
        {
            if (i == mine[mine.Count / 2]) await caughtUp.WaitAsync(Ct);
            var old = archive.Written[HarvestedArchive.Number(1 + (i * (datasets / changes)))];
            await ((i / Writers % 5) switch
            {
                0 => archive.WriteAsync(HarvestedArchive.New(datasets + 1 + i, DatasetState.Released), Ct),
                1 => ReleaseAsync(archive, datasets + 1 + i),
                2 => archive.WriteAsync(HarvestedArchive.Revised(old, $"Revised {i}"), Ct),
                3 => archive.WriteAsync(old with { State = DatasetState.Withdrawn, WithdrawalReason = $"Consent {i}", WithdrawnAt = TimeProvider.System.GetUtcNow() }, Ct),
                _ => archive.WriteAsync(old with { State = DatasetState.Private, ReleaseDate = TimeProvider.System.GetUtcNow().AddYears(1) }, Ct),
            });
        }
    }

    private async Task<Dataset> ReleaseAsync(HarvestedArchive archive, int number)
    {
        var hidden = await archive.WriteAsync(HarvestedArchive.New(number, DatasetState.Private), Ct);
        return await archive.WriteAsync(hidden with { State = DatasetState.Released, ReleaseDate = TimeProvider.System.GetUtcNow() }, Ct);
    }

    private static void Compare(HarvestedArchive archive, Partner partner)
    {
        var expected = archive.Written.Values.Where(d => d.State == DatasetState.Released)
            .ToDictionary(d => d.Accession.ToString(), d => $"{d.Change} {d.Latest.Number} {d.Latest.FileCount} {d.Title}", StringComparer.Ordinal);
        var missed = expected.Where(e => partner.Catalogue.GetValueOrDefault(e.Key) != e.Value).Select(e => $"{e.Key} is {e.Value}, the copy has {partner.Catalogue.GetValueOrDefault(e.Key)}");
        var left = partner.Catalogue.Keys.Where(k => !expected.ContainsKey(k)).Select(k => $"{k} is gone, the copy has it");
        Assert.AreEqual("", string.Join('\n', missed.Concat(left).Take(20)));
        foreach (var dataset in archive.Written.Values.Where(d => d.State != DatasetState.Released))
            Assert.AreEqual(dataset.WithdrawalReason, partner.Tombstones[dataset.Accession.ToString()]);
    }

    /// <summary>What a harvester does: it keeps the last change number that it has applied.</summary>
    private sealed class Partner(HttpClient http)
    {
        private long change;
        private string? cursor;

        public Dictionary<string, string> Catalogue { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, string?> Tombstones { get; } = new(StringComparer.Ordinal);

        public int Lines { get; private set; }

        public int Requests { get; private set; }

        /// <summary>Reads lines and drops the connection after so many.</summary>
        public async Task<int> ReadAsync(int most, CancellationToken ct)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/datasets?since={change}") { Headers = { { "Accept", "application/x-ndjson" } } };
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            Assert.AreEqual("application/x-ndjson", answer.EnsureSuccessStatusCode().Content.Headers.ContentType?.MediaType);
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(ct));
            Requests++;
            var count = 0;
            while (count < most && await reader.ReadLineAsync(ct) is { } line)
            {
                using var item = JsonDocument.Parse(line);
                Apply(item.RootElement);
                count++;
            }
            // A cursor stands for the place after its page; what was read on since then makes it old, but not wrong.
            cursor = null;
            return count;
        }

        /// <summary>Reads a page, by the cursor of the page before where there is one.</summary>
        public async Task PageAsync(int size, CancellationToken ct)
        {
            Requests++;
            using var page = JsonDocument.Parse(await http.GetStringAsync($"/api/datasets?size={size}&" + (cursor is null ? $"since={change}" : $"cursor={cursor}"), ct));
            foreach (var item in page.RootElement.GetProperty("items").EnumerateArray()) Apply(item);
            Assert.AreEqual(change, page.RootElement.GetProperty("change").GetInt64());
            cursor = page.RootElement.GetProperty("next").GetString();
        }

        private void Apply(JsonElement item)
        {
            Assert.IsGreaterThan(change, item.GetProperty("change").GetInt64(), "in the order of changes");
            change = item.GetProperty("change").GetInt64();
            Lines++;
            var accession = item.GetProperty("accession").GetString()!;
            Catalogue.Remove(accession);
            Tombstones.Remove(accession);
            if (item.GetProperty("state").GetString() == "Released")
                Catalogue.Add(accession, string.Create(CultureInfo.InvariantCulture, $"{change} {item.GetProperty("version").GetInt32()} {item.GetProperty("fileCount").GetInt64()} {item.GetProperty("title").GetString()}"));
            else Tombstones.Add(accession, item.GetProperty("reason").GetString());
        }
    }
}
