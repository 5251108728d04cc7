namespace Archive.TestKit.Mails;

/// <summary>The folder that an archive without a mail server writes its mails into.</summary>
/// <param name="dataFolder">The archive's data folder.</param>
public sealed class MailBox(string dataFolder)
{
    private readonly string folder = Path.Combine(dataFolder, "mail");

    /// <summary>All mails to an address, those written first before the others.</summary>
    public IReadOnlyList<ReceivedMail> To(string address) =>
    [
        .. Files().OrderBy(f => f.LastWriteTimeUtc).ThenBy(f => f.Name, StringComparer.Ordinal)
            .Select(f => ReceivedMail.Parse(File.ReadAllBytes(f.FullName)))
            .Where(m => m.To.Equals(address, StringComparison.OrdinalIgnoreCase)),
    ];

    /// <summary>The files that are there.</summary>
    public IReadOnlyList<FileInfo> Files() => Directory.Exists(folder) ? new DirectoryInfo(folder).GetFiles("*.eml") : [];

    /// <summary>Waits until an address has so many mails with a token, and returns the token of the last.</summary>
    public async Task<string> TokenAsync(string address, CancellationToken ct, int count = 1)
    {
        string? token = null;
        await Poll.Until(() =>
        {
            var tokens = To(address).Where(m => m.Token is not null).ToList();
            token = tokens.Count >= count ? tokens[^1].Token : null;
            return token is not null;
        }, $"{address} got {count} mails with a token", ct, TimeSpan.FromSeconds(30));
        return token!;
    }
}
