using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Archive.Model.Datasets;
using Archive.Storage.Metadata.Postgres;
using Archive.TestKit;
using Archive.TestKit.Processes;

namespace Archive.Benchmarks;

/// <summary>
/// Submit to Released of one file that is added to a dataset of millions, held against a first version of 24 files: in one archive, with a
/// private PostgreSQL that syncs. The large dataset is written through the stores, its list as an object; one object stands for all images,
/// which nothing here reads. How long the index takes after the release is told apart.
/// </summary>
internal sealed class RevisionBenchmark(BenchmarkOptions options, ResultTable table)
{
    private const int FreshFiles = 24;

    public async Task RunAsync(CancellationToken ct)
    {
        using var folder = new TempFolder(options.Folder);
        await using var archive = await ArchiveRun.StartAsync(folder, ct);
        await using var metadata = await LargeDataset.OpenAsync(folder, ct);
        var large = await BuildAsync(archive, metadata, folder, ct);
        List<double> fresh = [], revised = [], freshFound = [], revisedFound = [];
        for (var round = -1; round < options.Rounds; round++) // the first is not counted: caches and compilers warm up
        {
            var (freshTime, freshIndex) = await MeasureAsync(archive, await StageFreshAsync(archive, round, ct), ct);
            var (revisedTime, revisedIndex) = await MeasureAsync(archive, await StageRevisionAsync(archive, large, round, ct), ct);
            Console.WriteLine(FormattableString.Invariant(
                $"{FreshFiles} files: released after {freshTime:0.000} s, found after {freshIndex:0.0} s; one file to {options.Rows}: {revisedTime:0.000} s, {revisedIndex:0.0} s{(round < 0 ? " (warming up)" : "")}"));
            if (round < 0) continue;
            fresh.Add(freshTime);
            revised.Add(revisedTime);
            freshFound.Add(freshIndex);
            revisedFound.Add(revisedIndex);
        }
        var name = string.Create(CultureInfo.InvariantCulture, $"one file added to {options.Rows}");
        table.Add($"submit to Released, {name}", ResultTable.Median(revised), "s", $"a first version of {FreshFiles} files", ResultTable.Median(fresh));
        table.Add($"Released to found, {name}", ResultTable.Median(revisedFound), "s", $"a first version of {FreshFiles} files", ResultTable.Median(freshFound));
    }

    private static async Task<(double Seconds, double FoundSeconds)> MeasureAsync(ArchiveRun archive, (string Draft, string Word) staged, CancellationToken ct)
    {
        var (_, _, toReleased) = await archive.SubmitAsync(staged.Draft, ct);
        var clock = Stopwatch.StartNew();
        while ((await archive.Client.GetJsonAsync($"/api/search?q={staged.Word}", ct)).GetProperty("items").GetArrayLength() == 0) await Task.Delay(20, ct);
        return (toReleased.TotalSeconds, clock.Elapsed.TotalSeconds);
    }

    private static async Task<(string Draft, string Word)> StageFreshAsync(ArchiveRun archive, int round, CancellationToken ct)
    {
        var word = $"word{Guid.NewGuid():N}";
        var deposit = SampleDeposit.Generate(100 + round, FreshFiles, 10_000, word);
        var draft = await archive.Client.BeginDraftAsync(ct);
        await archive.Client.PutPageTabAsync(draft, deposit.PageTabJson, ct);
        foreach (var file in deposit.Uploads)
        {
            using var content = new StreamContent(file.Open());
            await archive.Client.PutFileAsync(draft, file.Path, content, ct);
        }
        return (draft, word);
    }

    // As a depositor adds to a public dataset: the file, and a list of its own beside the one there is.
    private static async Task<(string Draft, string Word)> StageRevisionAsync(ArchiveRun archive, Accession large, int round, CancellationToken ct)
    {
        var word = $"word{Guid.NewGuid():N}";
        var draft = await archive.Client.ReviseAsync(large.ToString(), ct);
        var lists = Enumerable.Range(-1, round + 2).Select(ListOf).Prepend(LargeDataset.ListPath);
        await archive.Client.PutPageTabAsync(draft, PageTab(word, lists), ct);
        var path = string.Create(CultureInfo.InvariantCulture, $"added/image_{round + 1:0000}.tif");
        using var image = new StreamContent(new MemoryStream(RandomNumberGenerator.GetBytes(10_000)));
        await archive.Client.PutFileAsync(draft, path, image, ct);
        using var list = new StringContent($"Files\tWell\n{path}\tH12\n");
        await archive.Client.PutFileAsync(draft, ListOf(round), list, ct);
        return (draft, word);
    }

    private static string ListOf(int round) => string.Create(CultureInfo.InvariantCulture, $"added_{round + 1:0000}.tsv");

    private static string PageTab(string word, IEnumerable<string> lists)
    {
        var sections = lists.Select(l => new { type = "Study Component", attributes = new[] { new { name = "Name", value = "Images" }, new { name = "File List", value = l } } });
        return JsonSerializer.Serialize(new
        {
            attributes = new[] { new { name = "ReleaseDate", value = "2024-01-01" } },
            section = new { type = "Study", attributes = new[] { new { name = "Title", value = $"A dataset of very many images, {word}" } }, subsections = sections },
        });
    }

    private async Task<Accession> BuildAsync(ArchiveRun archive, MetadataDatabase metadata, TempFolder folder, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        var list = new StringBuilder("Files\tWell\tDye\n");
        for (var i = 0; i < options.Rows; i++) list.Append(CultureInfo.InvariantCulture, $"{PathOf(i)}\tW{i % 384}\t{(i % 2 == 0 ? "GFP" : "DAPI")}\n");
        var files = Enumerable.Range(0, options.Rows).Select(n => new LargeDatasetFile(PathOf(n), 1000, "TIFF", [new("Well", $"W{n % 384}"), new("Dye", n % 2 == 0 ? "GFP" : "DAPI")]));
        var accession = await new LargeDataset(files, Encoding.UTF8.GetBytes(list.ToString()), PageTab("first", [LargeDataset.ListPath])).WriteAsync(archive, metadata, folder, ct);
        Console.WriteLine(FormattableString.Invariant($"A dataset of {options.Rows} files was written in {clock.Elapsed.TotalSeconds:0} s"));
        return accession;
    }

    private static string PathOf(int i) => string.Create(CultureInfo.InvariantCulture, $"plate-{i / 9600:000}/image_{i % 9600:0000}.tif");
}
