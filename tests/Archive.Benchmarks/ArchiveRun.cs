using System.Diagnostics;
using System.Globalization;
using Archive.TestKit;
using Archive.TestKit.Processes;

namespace Archive.Benchmarks;

/// <summary>An archive on a data folder of its own, with a depositor who uploads by curl as the compared server is given its files.</summary>
internal sealed class ArchiveRun : IAsyncDisposable
{
    private readonly ArchiveProcess process;
    private string token = "";

    private ArchiveRun(ArchiveProcess process) => this.process = process;

    /// <summary>The depositor.</summary>
    public ArchiveClient Client { get; private set; } = null!;

    /// <summary>Where it answers.</summary>
    public Uri Address => process.Address;

    /// <summary>Starts an archive.</summary>
    public static async Task<ArchiveRun> StartAsync(TempFolder folder, CancellationToken ct, params string[] settings)
    {
        var run = new ArchiveRun(new ArchiveProcess(folder["data"], [.. settings, "--log-level", "warning"]));
        await run.process.StartAsync(ct);
        run.Client = new ArchiveClient(run.process.Http);
        await run.Client.RegisterAsync(ct);
        run.token = run.Client.Token!;
        return run;
    }

    /// <summary>Where a file of a dataset is read.</summary>
    public string AddressOf(string accession, string path) => $"{process.Address}files/{accession}/{ArchiveClient.EscapePath(path)}";

    /// <summary>A draft with its page tab, nothing uploaded.</summary>
    public async Task<string> BeginAsync(Source source, CancellationToken ct)
    {
        var draft = await Client.BeginDraftAsync(ct);
        await Client.PutPageTabAsync(draft, source.Deposit.PageTabJson, ct);
        return draft;
    }

    /// <summary>Uploads everything by curl, one after another over one connection.</summary>
    public async Task UploadAsync(string draft, Source source, CancellationToken ct)
    {
        var pairs = source.Paths.Zip(source.Deposit.Files, (file, f) => (file, f.Path));
        await Curl.PutAsync(pairs, path => $"{process.Address}api/drafts/{draft}/files/{ArchiveClient.EscapePath(path)}", token, ct);
        foreach (var list in source.Deposit.FileLists)
        {
            using var content = new StreamContent(list.Open());
            await Client.PutFileAsync(draft, list.Path, content, ct);
        }
    }

    /// <summary>Submits and waits until it is released.</summary>
    /// <returns>The accession, the time until it was answered, and the time until it was released.</returns>
    public async Task<(string Accession, TimeSpan ToAccession, TimeSpan ToReleased)> SubmitAsync(string draft, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        var answer = await Client.SubmitAsync(draft, ct);
        var toAccession = clock.Elapsed;
        var end = await Client.WaitForEndAsync(answer.GetProperty("submission").GetString()!, TimeSpan.FromMinutes(30), ct);
        if (end.GetProperty("state").GetString() != "Released") throw new InvalidOperationException($"Not released: {end}");
        return (answer.GetProperty("accession").GetString()!, toAccession, clock.Elapsed);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => process.DisposeAsync();
}

/// <summary>curl, which uploads to both servers alike.</summary>
internal static class Curl
{
    /// <summary>Puts files one after another over one connection.</summary>
    public static async Task PutAsync(IEnumerable<(string File, string Path)> files, Func<string, string> address, string? token, CancellationToken ct)
    {
        var arguments = new List<string> { "--silent", "--show-error", "--fail-with-body", "-H", "Expect:" };
        if (token is not null) arguments.AddRange(["-H", string.Create(CultureInfo.InvariantCulture, $"Authorization: Bearer {token}")]);
        foreach (var (file, path) in files) arguments.AddRange(["-T", file, address(path)]);
        await Commands.RunAsync("curl", [.. arguments], ct);
    }
}
