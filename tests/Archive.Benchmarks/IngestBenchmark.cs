using System.Diagnostics;
using Archive.TestKit;

namespace Archive.Benchmarks;

/// <summary>
/// First uploaded byte to Released: stored, checked by three digests, durable, committed and public. Held against the least that
/// somebody without an archive does: curl -T into a WebDAV folder, md5sum, sha256sum and sync -f. Both on one volume, alternating.
/// </summary>
internal sealed class IngestBenchmark(BenchmarkOptions options, ResultTable table)
{
    public async Task RunAsync(CancellationToken ct)
    {
        using var folder = new TempFolder(options.Folder);
        await using var dav = await WebDavFolder.StartAsync(Directory.CreateDirectory(folder["dav"]).FullName, ct);
        await using var archive = await ArchiveRun.StartAsync(folder, ct);
        foreach (var (seed, count) in new[] { (1, 1), (2, 100) })
        {
            var source = await Source.WriteAsync(folder.Path, seed, count, options.Megabytes, ct);
            await Commands.RunAsync("sync", ["-f", folder.Path], ct);
            await MeasureAsync(archive, dav, source, folder, ct);
        }
    }

    private async Task MeasureAsync(ArchiveRun archive, WebDavFolder dav, Source source, TempFolder folder, CancellationToken ct)
    {
        List<double> ours = [], theirs = [];
        for (var round = -1; round < options.Rounds; round++) // the first is not counted: caches and compilers warm up
        {
            var our = await OursAsync(archive, source, ct);
            await Commands.RunAsync("sync", ["-f", folder.Path], ct);
            var their = await TheirsAsync(dav, source, ct);
            Console.WriteLine(FormattableString.Invariant($"{source.Name}: released after {our:0.00} s, WebDAV and sums {their:0.00} s{(round < 0 ? " (warming up)" : "")}"));
            if (round < 0) continue;
            ours.Add(our);
            theirs.Add(their);
        }
        table.Add($"first byte to Released, {source.Name}", ResultTable.Median(ours), "s", "curl -T to WebDAV, md5sum, sha256sum, sync -f", ResultTable.Median(theirs));
    }

    private static async Task<double> OursAsync(ArchiveRun archive, Source source, CancellationToken ct)
    {
        var draft = await archive.BeginAsync(source, ct);
        var clock = Stopwatch.StartNew();
        await archive.UploadAsync(draft, source, ct);
        await archive.SubmitAsync(draft, ct);
        return clock.Elapsed.TotalSeconds;
    }

    private static async Task<double> TheirsAsync(WebDavFolder dav, Source source, CancellationToken ct)
    {
        var target = Guid.NewGuid().ToString("N");
        var stored = source.Deposit.Files.Select(f => Path.Combine(dav.Files, target, f.Path)).ToArray();
        var clock = Stopwatch.StartNew();
        await Curl.PutAsync(source.Paths.Zip(source.Deposit.Files, (file, f) => (file, f.Path)), path => $"{dav.Address}{target}/{path}", null, ct);
        await Commands.RunAsync("md5sum", ["--", .. stored], ct);
        await Commands.RunAsync("sha256sum", ["--", .. stored], ct);
        await Commands.RunAsync("sync", ["-f", dav.Files], ct);
        var took = clock.Elapsed.TotalSeconds;
        Directory.Delete(Path.Combine(dav.Files, target), recursive: true);
        return took;
    }
}
