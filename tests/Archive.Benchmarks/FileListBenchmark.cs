using System.Diagnostics;
using System.Globalization;
using Archive.Model.Accounts;
using Archive.Model.Files;
using Archive.Model.Rembi;
using Archive.Model.Submissions;
using Archive.Storage.Metadata.Postgres;
using Archive.Storage.Objects;
using Archive.Submissions.FileLists;
using Archive.Submissions.Staging;
using Archive.TestKit;
using Archive.TestKit.Databases;
using Archive.TestKit.Files;

namespace Archive.Benchmarks;

/// <summary>
/// A file list of sixty columns against as many staged names. Compared with what a depositor can do with the shell: the first column,
/// sorted, for names that occur twice, and against the sorted names for those that are missing on either side.
/// </summary>
internal sealed class FileListBenchmark(BenchmarkOptions options, ResultTable table)
{
    private const string Peer = """
        cut -f1 "$1" | tail -n +2 | LC_ALL=C sort -S 400M -T "$3" > "$3/sorted" && uniq -d "$3/sorted" && LC_ALL=C comm -3 "$3/sorted" "$2"
        """;

    public async Task RunAsync(CancellationToken ct)
    {
        using var folder = new TempFolder(options.Folder);
        var wide = new WideList(options.Rows);
        await using var database = await TestDatabase.CreateAsync(ct);
        var (uploads, drafts) = (new PostgresUploadStore(database.Metadata), new PostgresDraftStore(database.Metadata));
        var staging = new StagingArea(new() { Folder = folder["staging"], Reserve = new SpaceReserve(0, 0) }, uploads, drafts, TimeProvider.System);
        await staging.ClaimAsync(database.Metadata.ArchiveId, ct);
        var draft = new Draft { Id = DraftId.New(), Owner = AccountId.New(), Collection = "BioImages", CreatedAt = TimeProvider.System.GetUtcNow() };
        await drafts.AddAsync(draft, ct);
        var (list, names) = (folder["list.tsv"], folder["names"]);
        await WriteAsync(wide, list, names, ct);
        await using (var content = File.OpenRead(list))
            await staging.ReceiveAsync(draft.Id, ArchivePath.Parse("list.tsv", null), content, content.Length, DeclaredDigests.None, static _ => true, ct);
        await wide.StageAsync(database.ConnectionString, draft.Id.Value, ct);

        var check = new FileListCheck(uploads, staging, FileListLimits.Default);
        var study = new RembiStudy { FileLists = [new RembiFileList("list.tsv", "$")] };
        List<double> checks = [], readings = [], peers = [];
        for (var round = -1; round < options.Rounds; round++)
        {
            var findings = new FindingList();
            var clock = Stopwatch.StartNew();
            await check.CheckAsync(draft.Id, study, findings, ct);
            var checking = clock.Elapsed;
            if (findings.HasErrors) throw new InvalidOperationException($"The list has errors: {findings.ToReport().Findings[0]}");
            clock.Restart();
            await ReadAsync(list, options.Rows, ct);
            var reading = clock.Elapsed;
            var peer = await Commands.RunAsync("bash", ["-c", Peer, "peer", list, names, folder.Path], ct);
            if (round < 0) continue;
            checks.Add(options.Rows / checking.TotalSeconds);
            readings.Add(options.Rows / reading.TotalSeconds);
            peers.Add(options.Rows / peer.TotalSeconds);
        }
        var what = string.Create(CultureInfo.InvariantCulture, $"{options.Rows} rows of {WideList.Columns} columns");
        table.Add($"check of a file list, {what}", ResultTable.Median(checks), "rows/s", "cut, sort, uniq -d, comm", ResultTable.Median(peers));
        table.Add("  reading it alone", ResultTable.Median(readings), "rows/s");
    }

    private static async Task ReadAsync(string list, int rows, CancellationToken ct)
    {
        await using var content = File.OpenRead(list);
        var read = 0;
        await foreach (var _ in FileListReader.ReadAsync(content, new("list", Tally: new ColumnTally()), FileListLimits.Default, new FindingList(), ct)) read++;
        if (read != rows) throw new InvalidOperationException($"{read} rows were read of {rows}.");
    }

    private static async Task WriteAsync(WideList wide, string list, string names, CancellationToken ct)
    {
        await using (var file = File.Create(list))
            await foreach (var block in wide.WriteAsync(ct)) await file.WriteAsync(block, ct);
        // Their order by number is the order of bytes.
        await File.WriteAllLinesAsync(names, Enumerable.Range(0, wide.Count).Select(WideList.PathOf), ct);
    }
}
