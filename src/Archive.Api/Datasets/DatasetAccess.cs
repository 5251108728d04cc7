using Archive.Api.Accounts;
using Archive.Api.Errors;
using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Storage.Metadata;

namespace Archive.Api.Datasets;

/// <summary>Finds datasets for a caller. One place decides who may read what.</summary>
internal static class DatasetAccess
{
    /// <summary>
    /// The dataset when the caller may do what he is about to. What is private to others is refused exactly as what does not exist, before any
    /// conditional request is looked at; what was withdrawn is told as gone to all but curators. Who reads by an access key gets the head as
    /// reviewers see it, and <see cref="ReviewAccess.Review"/> is set.
    /// </summary>
    /// <exception cref="ArchiveException">
    /// <see cref="Problems.NotFound"/> or <see cref="Problems.Withdrawn"/>; <see cref="Problems.Forbidden"/> for who may read it, but not do this.
    /// </exception>
    public static async Task<Dataset> RequireAsync(
        string accession, HttpContext http, IDatasetStore datasets, CancellationToken ct, DatasetAct act = DatasetAct.Read)
    {
        if (!Accession.TryParse(accession, null, out var known) || await datasets.FindAsync(known, ct) is not { } dataset) throw StatusPages.NotFound();
        var review = http.RequestServices.GetRequiredService<ReviewAccess>();
        // A key in the address shows its bearer what reviewers see, whoever he is: so an owner can look at what he hands out.
        if (act is DatasetAct.Read && await review.ByKeyAsync(http, dataset, ct) is { } byKey) return byKey;
        var account = http.Account();
        // Everybody reads what is all public, and nothing more is to be found out then.
        var standing = act is DatasetAct.Read && dataset.Versions.All(dataset.IsOpen)
            ? Standing.Stranger
            : await http.RequestServices.GetRequiredService<Standings>().OfAsync(account, dataset, ct);
        if (standing.Allows(act, dataset.State))
        {
            http.Features.Set(new FoundStanding(dataset.Accession, standing));
            return dataset;
        }
        if (act is DatasetAct.Read && await review.ByCookieAsync(http, dataset, ct) is { } byCookie) return byCookie;
        if (standing.Allows(DatasetAct.Read, dataset.State)) throw dataset.State == DatasetState.Withdrawn ? Gone(dataset) : Forbidden(act);
        // The tombstone is for those who could know of the dataset: everybody where it was public, else its owner.
        if (dataset.State == DatasetState.Withdrawn && (dataset.Change > 0 || dataset.Owner == account?.Id)) throw Gone(dataset);
        throw StatusPages.NotFound();
    }

    /// <summary>
    /// The version asked for; the newest when none is. One that was superseded before the dataset was public is told to others as one that
    /// does not exist.
    /// </summary>
    public static CommittedVersion Version(this Dataset dataset, int? number, HttpContext http) => number switch
    {
        null => dataset.Latest,
        >= 1 when number <= dataset.Versions.Count && dataset.Versions[number.Value - 1] is var asked && http.MayRead(dataset, asked) => asked,
        _ => throw StatusPages.NotFound(),
    };

    /// <summary>The versions that the caller, for whom the dataset was found, may read, oldest first.</summary>
    public static IEnumerable<CommittedVersion> VersionsFor(this Dataset dataset, HttpContext http) => dataset.Versions.Where(v => http.MayRead(dataset, v));

    /// <summary>How long an answer may be kept: private ones never, versioned public ones five minutes, others until asked again.</summary>
    /// <param name="versions">The versions that the answer tells of.</param>
    public static string CacheControl(this Dataset dataset, bool isVersioned, params IEnumerable<CommittedVersion> versions) =>
        dataset.State != DatasetState.Released || versions.Any(v => !dataset.IsOpen(v)) ? "no-store" : isVersioned ? "public, max-age=300" : "no-cache";

    // Who may read a dataset reads its newest version. The one before a revision of what is still private is a draft of it to reviewers.
    private static bool MayRead(this HttpContext http, Dataset dataset, CommittedVersion version) => dataset.IsOpen(version) || version == dataset.Latest
        || (http.Features.Get<FoundStanding>() is { } found && found.Accession == dataset.Accession && found.Standing.Allows(DatasetAct.ReadSuperseded, dataset.State));

    private static ArchiveException Forbidden(DatasetAct act) => new(Problems.Forbidden, act switch
    {
        DatasetAct.Follow => "What was done to a dataset is told to its owner and to curators.",
        DatasetAct.Revise => "A dataset is revised by its owner, by those whom he made editors, and by curators.",
        DatasetAct.Withdraw => "Only curators withdraw a dataset: write to them, and say why.",
        _ => "Only its owner or a curator does this to a dataset.",
    });

    private static ArchiveException Gone(Dataset dataset) => new(Problems.Withdrawn,
        dataset.WithdrawalReason is { } reason ? "The dataset was withdrawn: " + reason : "The dataset was withdrawn.",
        new Dictionary<string, object?>(StringComparer.Ordinal) { ["accession"] = dataset.Accession.ToString(), ["reason"] = dataset.WithdrawalReason, ["withdrawnAt"] = dataset.WithdrawnAt });
}

/// <summary>What the sender of a request is to the dataset that was found for him.</summary>
/// <param name="Accession">The dataset.</param>
/// <param name="Standing">At least what the request needs; a stranger's where nothing depends on it.</param>
internal sealed record FoundStanding(Accession Accession, Standing Standing);
