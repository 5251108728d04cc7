using Archive.TestKit;

namespace Archive.Benchmarks;

/// <summary>
/// Submit to Released when staging and objects share a volume (links), and when they do not (copies). For the copies the objects lie
/// behind a bind mount of the same volume, across which the kernel refuses links: the same disk is measured both times.
/// </summary>
internal sealed class LinkAndCopyBenchmark(BenchmarkOptions options, ResultTable table)
{
    public async Task RunAsync(CancellationToken ct)
    {
        foreach (var copies in new[] { false, true })
        {
            var name = copies ? "copy" : "link";
            if (copies && !Environment.IsPrivilegedProcess)
            {
                table.AddAbsent($"submit to Released by {name}", "a bind mount takes root");
                continue;
            }
            using var folder = new TempFolder(options.Folder);
            var objects = Directory.CreateDirectory(folder["objects"]).FullName;
            if (copies) await Commands.RunAsync("mount", ["--bind", objects, objects], ct);
            try
            {
                await MeasureAsync(name, folder, objects, ct);
            }
            finally
            {
                if (copies) await Commands.RunAsync("umount", ["-l", objects], CancellationToken.None);
            }
        }
    }

    private async Task MeasureAsync(string name, TempFolder folder, string objects, CancellationToken ct)
    {
        await using var archive = await ArchiveRun.StartAsync(folder, ct, "--objects", objects);
        foreach (var (seed, count) in new[] { (1, 1), (2, 100) })
        {
            var source = await Source.WriteAsync(folder.Path, seed, count, options.Megabytes, ct);
            var times = new List<double>();
            for (var round = -1; round < options.Rounds; round++)
            {
                var draft = await archive.BeginAsync(source, ct);
                await archive.UploadAsync(draft, source, ct);
                var (_, _, toReleased) = await archive.SubmitAsync(draft, ct);
                if (round >= 0) times.Add(toReleased.TotalSeconds);
            }
            table.Add($"submit to Released by {name}, {source.Name}", ResultTable.Median(times), "s");
            // A link moves no bytes: a rate of it would say nothing.
            if (name == "copy") table.Add("  which is", source.TotalBytes / 1e6 / ResultTable.Median(times), "MB/s");
        }
    }
}
