using Archive.Benchmarks;

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
await new IngestBenchmark(options, table).RunAsync(stop.Token);
await new LinkAndCopyBenchmark(options, table).RunAsync(stop.Token);
await new ReadingBenchmark(options, table).RunAsync(stop.Token);
table.Print(Console.Out);
return 0;
