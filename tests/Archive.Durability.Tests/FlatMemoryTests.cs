using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Archive.TestKit.Processes;

namespace Archive.Durability.Tests;

/// <summary>Memory does not grow with the length of files: four go up and four slow readers take them down at once.</summary>
[TestClass]
[TestCategory("Memory")]
public sealed class FlatMemoryTests : DurabilityTest
{
    private const long SmallBytes = 5_000_000;
    private static readonly long LargeBytes = IsLong ? 5_000_000_000 : 200_000_000;
    private static readonly long LimitBytes = 400_000_000;

    [TestMethod]
    public async Task Memory_WhenFilesAreLarge_IsAsWhenTheyAreSmall()
    {
        if (new DriveInfo(Folder.Path).AvailableFreeSpace < (10 * LargeBytes) + 4_000_000_000)
            Assert.Inconclusive("There is too little free space for the large files.");
        await using var archive = new ArchiveProcess(Folder["data"]);
        await archive.StartAsync(Ct);
        var client = await RegisterAsync(archive);
        // What is read while the next goes up: released before, so that both directions are busy at once.
        var small = await DepositAsync(client, Files(1, SmallBytes));
        var large = await DepositAsync(client, Files(2, LargeBytes));

        // Small ones until as much time has passed as a collector needs to settle; then the large ones.
        var (smallPeak, rounds) = (0L, 0);
        for (var warm = Stopwatch.StartNew(); rounds < 3 || warm.Elapsed < TimeSpan.FromSeconds(IsLong ? 90 : 15); rounds++)
            smallPeak = Math.Max(smallPeak, await PeakAsync(archive, client, small, Files(10 + rounds, SmallBytes)));
        var largePeak = await PeakAsync(archive, client, large, Files(3, LargeBytes));
        Say($"peak of RssAnon: {smallPeak / 1e6:0} MB with files of {SmallBytes / 1e6} MB ({rounds} rounds), {largePeak / 1e6:0} MB with files of {LargeBytes / 1e6} MB");
        Assert.IsLessThan(LimitBytes, largePeak);
        Assert.IsLessThanOrEqualTo(smallPeak * 1.2, largePeak, $"With large files {largePeak / 1e6:0} MB, with small ones {smallPeak / 1e6:0} MB.");
    }

    // Four uploads and their submission, beside four readers that take as long as those do; the peak over that time.
    private async Task<long> PeakAsync(ArchiveProcess archive, ArchiveClient client, Depositing read, SampleDeposit deposit)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var sampling = SampleAsync(archive, done.Token);
        var uploaded = new TaskCompletionSource();
        var readers = read.Deposit.Files.Select(file => ReadSlowlyAsync(client, read.Accession!, file, uploaded.Task)).ToList();
        try
        {
            await DepositAsync(client, deposit);
        }
        finally
        {
            uploaded.SetResult();
        }
        await Task.WhenAll(readers);
        await done.CancelAsync();
        return await sampling;
    }

    // A piece at a time with a pause between, until the uploads are over; then the rest as fast as it comes.
    private async Task ReadSlowlyAsync(ArchiveClient client, string accession, SampleFile file, Task uploaded)
    {
        using var answer = await client.SendAsync(HttpMethod.Get, $"/files/{accession}/{ArchiveClient.EscapePath(file.Path)}", null, Ct);
        answer.EnsureSuccessStatusCode();
        await using var content = await answer.Content.ReadAsStreamAsync(Ct);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        for (int read; (read = await content.ReadAsync(buffer, Ct)) > 0;)
        {
            hash.AppendData(buffer, 0, read);
            if (!uploaded.IsCompleted) await Task.WhenAny(uploaded, Task.Delay(10, Ct));
        }
        Assert.AreEqual(await file.HashAsync(Ct), Convert.ToHexStringLower(hash.GetHashAndReset()), file.Path);
    }

    private static async Task<long> SampleAsync(ArchiveProcess archive, CancellationToken done)
    {
        var (peak, status) = (0L, string.Create(CultureInfo.InvariantCulture, $"/proc/{archive.ProcessId}/status"));
        while (!done.IsCancellationRequested)
        {
            var line = (await File.ReadAllLinesAsync(status, CancellationToken.None)).First(l => l.StartsWith("RssAnon:", StringComparison.Ordinal));
            peak = Math.Max(peak, long.Parse(line["RssAnon:".Length..^"kB".Length], CultureInfo.InvariantCulture) * 1024);
            await Task.WhenAny(Task.Delay(50, done));
        }
        return peak;
    }

    private static SampleDeposit Files(int seed, long lengthBytes)
    {
        var small = SampleDeposit.Generate(seed, 4, lengthBytes);
        return small with { Files = [.. small.Files.Select((f, i) => f with { Open = () => new PatternStream((seed * 10) + i, lengthBytes) })] };
    }
}
