using System.Globalization;
using Archive.TestKit.Processes;

namespace Archive.Benchmarks;

/// <summary>Files on the disk that are deposited again and again, with the page tab and the list that go with them.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Deposit">The dataset; its contents are the files on the disk.</param>
/// <param name="Paths">Each file's place on the disk, in the order of the deposit's files.</param>
internal sealed record Source(string Name, SampleDeposit Deposit, IReadOnlyList<string> Paths)
{
    /// <summary>Bytes of all files.</summary>
    public long TotalBytes => Deposit.Files.Sum(f => f.LengthBytes);

    /// <summary>Writes the files below a folder; each differs from the next.</summary>
    public static async Task<Source> WriteAsync(string folder, int seed, int count, int totalMegabytes, CancellationToken ct)
    {
        var lengthBytes = totalMegabytes * 1_000_000L / count;
        var deposit = SampleDeposit.Generate(seed, count, lengthBytes);
        var block = new byte[1 << 20];
        var random = new Random(seed);
        random.NextBytes(block);
        var paths = new List<string>();
        foreach (var file in deposit.Files)
        {
            var path = Path.Combine(folder, $"source-{seed}", file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await using var stream = File.Create(path);
            for (var left = lengthBytes; left > 0; left -= block.Length)
            {
                random.NextBytes(block.AsSpan(0, 64));
                await stream.WriteAsync(block.AsMemory(0, (int)Math.Min(left, block.Length)), ct);
            }
            paths.Add(path);
        }
        return new(string.Create(CultureInfo.InvariantCulture, $"{count} file{(count == 1 ? "" : "s")} of {lengthBytes / 1e6:0.#} MB"),
            deposit with { Files = [.. deposit.Files.Select((f, i) => f with { Open = () => File.OpenRead(paths[i]) })] }, paths);
    }
}
