using System.Security.Cryptography;
using Archive.Demo;
using Archive.TestKit.Processes;

namespace Archive.Api.Tests.Operating;

/// <summary>Deposits generated datasets and remembers what each accession has to give back.</summary>
internal sealed class Deposits
{
    private ArchiveClient client = null!;

    /// <summary>Accession to path to SHA-256, of what was released.</summary>
    public Dictionary<string, Dictionary<string, string>> Released { get; } = new(StringComparer.Ordinal);

    /// <summary>Registers a depositor at an archive; deposits go there.</summary>
    public Task RegisterAsync(ArchiveProcess archive, CancellationToken ct)
    {
        client = new ArchiveClient(archive.Http);
        return client.RegisterAsync(ct);
    }

    /// <summary>Deposits one and waits for its release.</summary>
    public async Task DepositAsync(GeneratedDataset dataset, CancellationToken ct)
    {
        var draft = await client.BeginDraftAsync(ct);
        await client.PutPageTabAsync(draft, dataset.PageTabJson, ct);
        var sent = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in dataset.Uploads)
        {
            using var bytes = new MemoryStream();
            file.WriteTo(bytes);
            sent[file.Path] = Convert.ToHexStringLower(SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
            using var content = new ByteArrayContent(bytes.GetBuffer(), 0, (int)bytes.Length);
            await client.PutFileAsync(draft, file.Path, content, ct);
        }

        var submission = await client.SubmitAsync(draft, ct);
        var accession = submission.GetProperty("accession").GetString()!;
        var end = await client.WaitForEndAsync(submission.GetProperty("submission").GetString()!, TimeSpan.FromMinutes(2), ct);
        Assert.AreEqual("Released", end.GetProperty("state").GetString(), end.ToString());
        Released[accession] = sent;
    }

    /// <summary>Downloads every file of a dataset from an archive and compares its SHA-256 with what was sent.</summary>
    public static async Task RequireEveryByteAsync(HttpClient http, string accession, Dictionary<string, string> sent, CancellationToken ct)
    {
        foreach (var (path, sha256) in sent)
        {
            await using var stream = await http.GetStreamAsync($"/files/{accession}/{ArchiveClient.EscapePath(path)}", ct);
            Assert.AreEqual(sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, ct)), $"{accession} {path}");
        }
    }
}
