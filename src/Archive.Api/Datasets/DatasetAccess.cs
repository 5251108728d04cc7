using Archive.Api.Accounts;
using Archive.Api.Errors;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Storage.Metadata;

namespace Archive.Api.Datasets;

/// <summary>Finds datasets for a caller. One place decides who may read what.</summary>
internal static class DatasetAccess
{
    /// <summary>
    /// The dataset when the caller may read it. What is private to others is refused exactly as what does not exist, before any
    /// conditional request is looked at; what was withdrawn is told as gone to all but curators.
    /// </summary>
    public static async Task<Dataset> RequireAsync(string accession, Account? account, IDatasetStore datasets, CancellationToken ct)
    {
        if (!Accession.TryParse(accession, null, out var known) || await datasets.FindAsync(known, ct) is not { } dataset) throw StatusPages.NotFound();
        if (account.MayRead(dataset)) return dataset;
        // The tombstone is for those who could know of the dataset: everybody where it was public, else its owner.
        if (dataset.State == DatasetState.Withdrawn && (dataset.Change > 0 || dataset.Owner == account?.Id)) throw Gone(dataset);
        throw StatusPages.NotFound();
    }

    /// <summary>The dataset when the caller may revise it; to everybody else, whether or not he may read it, it is told as absent.</summary>
    public static async Task<Dataset> RequireEditableAsync(string accession, Account account, IDatasetStore datasets, CancellationToken ct)
    {
        if (!Accession.TryParse(accession, null, out var known) || await datasets.FindAsync(known, ct) is not { } dataset || !account.MayEdit(dataset))
            throw StatusPages.NotFound();
        return dataset.State == DatasetState.Withdrawn ? throw Gone(dataset) : dataset;
    }

    /// <summary>
    /// The version asked for; the newest when none is. One that was superseded before the dataset was public is told to others as one that
    /// does not exist.
    /// </summary>
    public static CommittedVersion Version(this Dataset dataset, int? number, Account? account) => number switch
    {
        null => dataset.Latest,
        >= 1 when number <= dataset.Versions.Count && dataset.Versions[number.Value - 1] is var asked && account.MayRead(dataset, asked) => asked,
        _ => throw StatusPages.NotFound(),
    };

    /// <summary>The versions that the caller may read, oldest first.</summary>
    public static IEnumerable<CommittedVersion> VersionsFor(this Dataset dataset, Account? account) => dataset.Versions.Where(v => account.MayRead(dataset, v));

    /// <summary>How long an answer may be kept: private ones never, versioned public ones five minutes, others until asked again.</summary>
    /// <param name="versions">The versions that the answer tells of.</param>
    public static string CacheControl(this Dataset dataset, bool isVersioned, params IEnumerable<CommittedVersion> versions) =>
        dataset.State != DatasetState.Released || versions.Any(v => !dataset.IsOpen(v)) ? "no-store" : isVersioned ? "public, max-age=300" : "no-cache";

    private static ArchiveException Gone(Dataset dataset) => new(Problems.Withdrawn,
        dataset.WithdrawalReason is { } reason ? "The dataset was withdrawn: " + reason : "The dataset was withdrawn.",
        new Dictionary<string, object?>(StringComparer.Ordinal) { ["accession"] = dataset.Accession.ToString(), ["reason"] = dataset.WithdrawalReason, ["withdrawnAt"] = dataset.WithdrawnAt });
}
