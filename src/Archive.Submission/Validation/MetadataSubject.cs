using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.PageTab;
using Archive.Model.Rembi;
using Archive.Submissions.Collections;
using Archive.Submissions.Revisions;

namespace Archive.Submissions.Validation;

/// <summary>What metadata rules look at.</summary>
/// <param name="Document">The page tab.</param>
/// <param name="Study">Its typed view.</param>
/// <param name="Now">The time of checking (UTC).</param>
/// <param name="Accession">The number that the draft has, or null.</param>
/// <param name="Attachments">What came of the document's <c>AttachTo</c>.</param>
/// <param name="Revised">The version that it revises; null for a first version.</param>
/// <param name="By">Who submits it; null: its owner.</param>
public sealed record MetadataSubject(
    PageTabDocument Document, RembiStudy Study, DateTimeOffset Now, Accession? Accession, IReadOnlyList<Attachment> Attachments,
    RevisionBase? Revised = null, Editor? By = null)
{
    /// <summary>Finds what was meant; its work is bounded for the whole check.</summary>
    public ClosestText Closest { get; } = new();

    /// <summary>The release date, when it is one.</summary>
    public DateTimeOffset? ReleaseDate => Study.ReleaseDateText is { } text && ReleaseDates.TryParse(text, out var date) ? date : null;

    /// <summary>The day of checking, as a release date is written.</summary>
    public string Today => ReleaseDates.Write(new(Now.UtcDateTime.Date, TimeSpan.Zero));

    /// <summary>The date that a revision keeps, whatever it says, since the dataset is public or another's; null for everything else.</summary>
    public DateTimeOffset? KeptReleaseDate => Revised?.Head is { } head && head.KeepsReleaseDate(By ?? new(head.Owner, Role.Depositor)) ? head.ReleaseDate : null;
}
