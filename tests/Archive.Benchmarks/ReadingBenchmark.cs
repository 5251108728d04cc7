using System.Diagnostics;
using Archive.TestKit;
using Archive.TestKit.Processes;

namespace Archive.Benchmarks;

/// <summary>Download against cat of the same file, both out of the page cache; and how long a depositor waits for an answer and for a hit.</summary>
internal sealed class ReadingBenchmark(BenchmarkOptions options, ResultTable table)
{
    public async Task RunAsync(CancellationToken ct)
    {
        using var folder = new TempFolder(options.Folder);
        await using var archive = await ArchiveRun.StartAsync(folder, ct);
        await DownloadAsync(archive, folder, ct);
        await SubmitAsync(archive, folder, ct);
    }

    private async Task DownloadAsync(ArchiveRun archive, TempFolder folder, CancellationToken ct)
    {
        var source = await Source.WriteAsync(folder.Path, 1, 1, options.Megabytes, ct);
        var draft = await archive.BeginAsync(source, ct);
        await archive.UploadAsync(draft, source, ct);
        var (accession, _, _) = await archive.SubmitAsync(draft, ct);
        var address = archive.AddressOf(accession, source.Deposit.Files[0].Path);
        var stored = Directory.EnumerateFiles(folder["data/objects/objects"], "*", SearchOption.AllDirectories).First(f => new FileInfo(f).Length == source.TotalBytes);
        List<double> ours = [], theirs = [];
        for (var round = -1; round < options.Rounds; round++)
        {
            // Both write into the same kind of pipe, which this process empties.
            var our = await Commands.RunAsync("curl", ["--silent", "--show-error", "--fail", address], ct);
            var their = await Commands.RunAsync("cat", [stored], ct);
            if (round < 0) continue;
            ours.Add(source.TotalBytes / 1e6 / our.TotalSeconds);
            theirs.Add(source.TotalBytes / 1e6 / their.TotalSeconds);
        }
        table.Add($"download, {source.Name}", ResultTable.Median(ours), "MB/s", "cat of the stored file", ResultTable.Median(theirs));
    }

    private async Task SubmitAsync(ArchiveRun archive, TempFolder folder, CancellationToken ct)
    {
        List<double> accessions = [], searchable = [];
        var source = await Source.WriteAsync(folder.Path, 3, 10, 10, ct);
        for (var round = -1; round < options.Rounds; round++)
        {
            var word = $"word{Guid.NewGuid():N}";
            var draft = await archive.Client.BeginDraftAsync(ct);
            await archive.Client.PutPageTabAsync(draft, SampleDeposit.Generate(3, 10, 1, word).PageTabJson, ct);
            await archive.UploadAsync(draft, source, ct);
            var clock = Stopwatch.StartNew();
            var (_, toAccession, _) = await archive.SubmitAsync(draft, ct);
            while ((await archive.Client.GetJsonAsync($"/api/search?q={word}", ct)).GetProperty("items").GetArrayLength() == 0) await Task.Delay(5, ct);
            if (round < 0) continue;
            accessions.Add(toAccession.TotalMilliseconds);
            searchable.Add(clock.Elapsed.TotalSeconds);
        }
        table.Add("submit to accession, 10 files", ResultTable.Median(accessions), "ms");
        table.Add("submit to searchable, 10 files", ResultTable.Median(searchable), "s");
    }
}
