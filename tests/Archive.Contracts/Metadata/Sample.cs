using System.Globalization;
using Archive.Model.Accounts;
using Archive.Model.Auditing;
using Archive.Model.Datasets;
using Archive.Model.Files;
using Archive.Model.Mail;
using Archive.Model.PageTab;
using Archive.Model.Submissions;

namespace Archive.Contracts.Metadata;

/// <summary>Documents for the suites; each call makes another one.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Time = new(2024, 2, 29, 23, 59, 58, 765, TimeSpan.Zero);

    public static PageTabDocument PageTab(string title) => new(
        null,
        [new("Title", title, false, [], []), new("Δ \"quoted\" \\ 𝔘", null, true, [new("q", "1")], [new("Ontology", null)])],
        new PageTabSection(
            "Study-1", "Study", [], [new([new("a/b.tif", 12, "file", [])], true)], [],
            [new([new("s", "Author", [], [], [], [])], false)]));

    public static Draft Draft(AccountId? owner = null) => new()
    {
        Id = DraftId.New(), Owner = owner ?? AccountId.New(), Collection = "BioImages", CreatedAt = Time,
    };

    public static Submission Submission(Accession? accession = null, AccountId? owner = null) => new()
    {
        Id = SubmissionId.New(), Draft = DraftId.New(), Owner = owner ?? AccountId.New(), Accession = accession ?? Number(1), Version = 1,
        State = SubmissionState.Submitted, SubmittedAt = Time, History = [new(SubmissionState.Submitted, Time)],
        Report = new([new(Severity.Warning, "title-short", "$.section", "Say more.", "More")], 3),
    };

    public static Accession Number(long number) => Accession.From("S-TEST", number);

    public static Dataset Dataset(Accession? accession = null, params IEnumerable<SubmissionId> passes)
    {
        List<SubmissionId> all = [.. passes];
        if (all.Count == 0) all.Add(SubmissionId.New());
        return new Dataset
        {
            Accession = accession ?? Number(1), Collection = "BioImages", Owner = AccountId.New(), State = DatasetState.Private,
            ReleaseDate = null, Title = "Yeast", Versions = [.. all.Select((p, i) => new CommittedVersion(i + 1, p, Time, 3, 3000))],
        };
    }

    public static Account Account(string email) => new()
    {
        Id = AccountId.New(), Email = email, Name = "Ada Lovelace", PasswordHash = "hash", Role = Role.Depositor, CreatedAt = Time,
    };

    public static OutgoingMail Mail() =>
        new(MailId.New(), "ada@example.org", "confirm-email", new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = "Ada Ω \"L\"" });

    public static AuditEntry Entry(string kind, string id, Account? actor = null) =>
        AuditEntry.Of(Time, actor, kind, id, "changed", new { Name = "before" }, new { Name = "äfter" });

    public static ArchivePath Path(string path) => ArchivePath.Parse(path, null);

    public static FileDigests Digests(int seed)
    {
        var digits = seed.ToString("x8", CultureInfo.InvariantCulture);
        return new(string.Concat(Enumerable.Repeat(digits, 4)), string.Concat(Enumerable.Repeat(digits, 8)), uint.MaxValue - (uint)seed);
    }

    public static StagedFile Staged(DraftId draft, string path, UploadId content, int seed = 1) =>
        new(draft, Path(path), content, seed, Digests(seed), Time);

    public static FileReference Reference(Accession accession, SubmissionId pass, int version, string path, int seed = 1) => new()
    {
        Accession = accession, Submission = pass, Version = version, Path = Path(path), ObjectKey = $"{accession}/v{version}/{seed}/{path}",
        LengthBytes = 5_000_000_000 + seed, Digests = Digests(seed), Format = "PNG",
        Attributes = [new("Channel", "GFP"), new("Channel", "mCherry"), new("Ω", "")],
    };

    public static FileReference Removal(Accession accession, SubmissionId pass, int version, string path) => new()
    {
        Accession = accession, Submission = pass, Version = version, Path = Path(path), ObjectKey = null, LengthBytes = 0, Digests = null,
        Format = "PNG",
    };
}
