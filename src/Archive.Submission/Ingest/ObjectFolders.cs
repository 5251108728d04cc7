using System.Globalization;
using System.Runtime.CompilerServices;
using Archive.Model.Datasets;
using Archive.Storage.Objects;

namespace Archive.Submissions.Ingest;

/// <summary>
/// What the folders of object keys say: <c>{accession}/v{n}/{attempt}/{path}</c>. Read by sweeps and after a restore only; readers go
/// by the reference. Costs what passes there were, however many files they stored.
/// </summary>
internal static class ObjectFolders
{
    /// <summary>The accession that the last part of a folder is; null when it is none.</summary>
    public static Accession? AccessionOf(string folder) =>
        Accession.TryParse(LastOf(folder), CultureInfo.InvariantCulture, out var accession) ? accession : null;

    /// <summary>The folder of an accession, with its <c>/</c>.</summary>
    public static string Of(Accession accession) => $"{accession}/";

    /// <summary>The folder of a version, with its <c>/</c>.</summary>
    public static string OfVersion(Accession accession, int version) => $"{accession}/v{version.ToString(CultureInfo.InvariantCulture)}/";

    /// <summary>The attempts that stored something of a version, with the prefix of their keys.</summary>
    /// <param name="version">As from <see cref="OfVersion"/>, or listed.</param>
    public static async IAsyncEnumerable<(long Attempt, string Prefix)> AttemptsAsync(
        IObjectStore objects, string version, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var folder in objects.ListFoldersAsync(version, ct))
            if (long.TryParse(LastOf(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var attempt))
                yield return (attempt, folder);
    }

    /// <summary>The same for every version of an accession.</summary>
    public static async IAsyncEnumerable<(long Attempt, string Prefix)> AttemptsAsync(
        IObjectStore objects, Accession accession, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var version in objects.ListFoldersAsync($"{accession}/v", ct))
            await foreach (var attempt in AttemptsAsync(objects, version, ct))
                yield return attempt;
    }

    private static string LastOf(string folder) => folder[..^1][(folder[..^1].LastIndexOf('/') + 1)..];
}
