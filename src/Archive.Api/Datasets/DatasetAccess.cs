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

    /// <summary>The version asked for; the newest when none is.</summary>
    public static CommittedVersion Version(this Dataset dataset, int? number) => number switch
    {
        null => dataset.Latest,
        >= 1 when number <= dataset.Versions.Count => dataset.Versions[number.Value - 1],
        _ => throw StatusPages.NotFound(),
    };

    /// <summary>How long an answer may be kept: private ones never, versioned public ones five minutes, others until asked again.</summary>
    public static string CacheControl(this Dataset dataset, bool isVersioned) =>
        dataset.State != DatasetState.Released ? "no-store" : isVersioned ? "public, max-age=300" : "no-cache";

    private static ArchiveException Gone(Dataset dataset) => new(Problems.Withdrawn,
        dataset.WithdrawalReason is { } reason ? "The dataset was withdrawn: " + reason : "The dataset was withdrawn.",
        new Dictionary<string, object?>(StringComparer.Ordinal) { ["accession"] = dataset.Accession.ToString(), ["reason"] = dataset.WithdrawalReason, ["withdrawnAt"] = dataset.WithdrawnAt });
}
