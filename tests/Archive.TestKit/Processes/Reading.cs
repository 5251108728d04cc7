using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Archive.TestKit.Processes;

/// <summary>Reads an archive back as the public does.</summary>
public static class Reading
{
    /// <summary>Any address that answers JSON.</summary>
    /// <exception cref="HttpRequestException">It did not answer with success.</exception>
    public static async Task<JsonElement> GetJsonAsync(this ArchiveClient client, string address, CancellationToken ct)
    {
        using var answer = await client.SendAsync(HttpMethod.Get, address, null, ct);
        var text = await answer.Content.ReadAsStringAsync(ct);
        if (!answer.IsSuccessStatusCode) throw new HttpRequestException($"GET {address} answered {(int)answer.StatusCode}: {text}", null, answer.StatusCode);
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }

    /// <summary>Every item of a list, page by page.</summary>
    public static async Task<IReadOnlyList<JsonElement>> ListAsync(this ArchiveClient client, string address, CancellationToken ct)
    {
        var items = new List<JsonElement>();
        var separator = address.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        for (string? cursor = null; ;)
        {
            var page = await client.GetJsonAsync(cursor is null ? address : $"{address}{separator}cursor={Uri.EscapeDataString(cursor)}", ct);
            items.AddRange(page.GetProperty("items").EnumerateArray());
            if (!page.TryGetProperty("next", out var next) || next.GetString() is not { Length: > 0 } more) return items;
            cursor = more;
        }
    }

    /// <summary>The files of a dataset as the archive lists them, by path.</summary>
    public static async Task<IReadOnlyDictionary<string, JsonElement>> ListFilesAsync(this ArchiveClient client, string accession, CancellationToken ct) =>
        (await client.ListAsync($"/api/datasets/{accession}/files?size=1000", ct)).ToDictionary(f => f.GetProperty("path").GetString()!, StringComparer.Ordinal);

    /// <summary>Downloads a file and returns its length and SHA-256; nothing is kept.</summary>
    public static async Task<(long LengthBytes, string Sha256)> DownloadAsync(this ArchiveClient client, string accession, string path, CancellationToken ct)
    {
        using var answer = await client.SendAsync(HttpMethod.Get, $"/files/{accession}/{ArchiveClient.EscapePath(path)}", null, ct);
        if (!answer.IsSuccessStatusCode) throw new HttpRequestException($"{path} of {accession} answered {(int)answer.StatusCode}.", null, answer.StatusCode);
        await using var content = await answer.Content.ReadAsStreamAsync(ct);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 18];
        long length = 0;
        for (int read; (read = await content.ReadAsync(buffer, ct)) > 0; length += read) hash.AppendData(buffer, 0, read);
        return (length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Downloads every file of a deposit and compares length and SHA-256 of all bytes. Returns what differs, a line each.</summary>
    public static async Task<IReadOnlyList<string>> CompareAsync(this ArchiveClient client, string accession, SampleDeposit deposit, CancellationToken ct)
    {
        var differences = new List<string>();
        await Parallel.ForEachAsync(deposit.Files, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = ct }, async (file, stop) =>
        {
            var wanted = (file.LengthBytes, await file.HashAsync(stop));
            var difference = "";
            try
            {
                var found = await client.DownloadAsync(accession, file.Path, stop);
                if (found != wanted) difference = string.Create(CultureInfo.InvariantCulture, $"{accession} {file.Path}: {found} instead of {wanted}");
            }
            catch (HttpRequestException e)
            {
                difference = e.Message;
            }
            if (difference.Length > 0) lock (differences) differences.Add(difference);
        });
        return differences;
    }

    /// <summary>Follows a submission's event stream until it tells of a state; far fewer calls than asking again and again.</summary>
    /// <exception cref="InvalidOperationException">The stream ended without it.</exception>
    public static async Task WaitForEventAsync(this ArchiveClient client, string submission, string state, CancellationToken ct)
    {
        using var answer = await client.SendAsync(HttpMethod.Get, $"/api/submissions/{submission}/events", null, ct);
        answer.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(ct));
        var last = "";
        while (await reader.ReadLineAsync(ct) is { } line)
        {
            if (!line.StartsWith("data:", StringComparison.Ordinal)) continue;
            last = line;
            using var json = JsonDocument.Parse(line["data:".Length..]);
            if (json.RootElement.GetProperty("state").GetString() == state) return;
        }
        throw new InvalidOperationException($"The events ended with {last}");
    }
}
