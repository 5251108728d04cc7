using Archive.Benchmarks;
using Archive.Benchmarks.Search;

var options = BenchmarkOptions.Parse(args);
if (options is null)
{
    Console.WriteLine(BenchmarkOptions.Help);
    return 2;
}
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    stop.Cancel();
};
var table = new ResultTable();
if (options.Only is null or "ingest") await new IngestBenchmark(options, table).RunAsync(stop.Token);
if (options.Only is null or "copies") await new LinkAndCopyBenchmark(options, table).RunAsync(stop.Token);
if (options.Only is null or "reading") await new ReadingBenchmark(options, table).RunAsync(stop.Token);
if (options.Only is null or "lists") await new FileListBenchmark(options, table).RunAsync(stop.Token);
if (options.Only is null or "revisions") await new RevisionBenchmark(options, table).RunAsync(stop.Token);
if (options.Only is null or "search-datasets") await new DatasetSearchBenchmark(options, table).RunAsync(stop.Token);
if (options.Only is null or "search-swap") await new SwapBenchmark(options, table).RunAsync(stop.Token);
if (options.Only is null or "search-files") await new FileSearchBenchmark(options, table).RunAsync(stop.Token);
if (options.Only is null or "search-shelves") await new ShelfSizeBenchmark(options, table).RunAsync(stop.Token);
if (options.Only is null or "search-http") await new HttpSearchBenchmark(options, table).RunAsync(stop.Token);
if (options.Only is "search-growth") await new GrowthBenchmark(options, table).RunAsync(stop.Token);
table.Print(Console.Out);
return 0;
