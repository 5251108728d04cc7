using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.Files;
using Archive.Model.PageTab;
using Archive.Model.Rembi;
using Archive.Model.Sharing;
using Archive.Storage.Metadata;
using Archive.Submissions.Sharing;
using Microsoft.Extensions.Caching.Memory;

namespace Archive.Api.Datasets;

/// <summary>
/// What of datasets' metadata reviewers see. Names are looked for in the whole of every version, since any may name who is meant by a text of
/// another. Long page tabs are read in turn with those of all other readers, a version at a time, and what was found in each is kept for a while.
/// </summary>
internal sealed class BlindDocuments(DatasetDocuments documents, ISubmissionStore submissions, IAccountStore accounts, SharingWriter sharing) : IDisposable
{
    // In words, of which one takes a few hundred bytes.
    private const int KeptWords = 500_000;
    private const int KeptVersions = 16;
    private const int KeptPages = 16;

    // Of a dataset with more versions the newest are looked at, and of a version so many names.
    private const int MostVersions = 20;
    private const int MostNames = 20_000;
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);
    private static readonly PageTabPart Whole = new(long.MaxValue, long.MaxValue, IsHead: false);

    private readonly MemoryCache known = new(new MemoryCacheOptions { SizeLimit = KeptWords });
    private readonly MemoryCache versions = new(new MemoryCacheOptions { SizeLimit = KeptVersions });
    private readonly MemoryCache pages = new(new MemoryCacheOptions { SizeLimit = KeptPages });

    /// <summary>The head without what tells who deposited.</summary>
    public static Dataset Blind(Dataset dataset, Redaction redaction) => dataset with { Title = redaction.Apply(dataset.Title), Owner = default, WithdrawalReason = null };

    /// <summary>As much of a version's page tab as a page shows, as reviewers see it.</summary>
    /// <exception cref="ArchiveException"><see cref="Problems.Unavailable"/>, <see cref="Problems.Busy"/>.</exception>
    public async Task<PageTabExcerpt> ReadAsync(DatasetDocument document, Redaction redaction, CancellationToken ct)
    {
        var read = await documents.ReadAsync(document, pages, text => PageTabJson.ReadPart(text, PageTabPart.Page), ct) ?? throw Missing();
        return read with { Document = BlindView.Of(read.Document, redaction) };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        known.Dispose();
        versions.Dispose();
        pages.Dispose();
    }

    /// <summary>What is to be left out of the dataset.</summary>
    /// <exception cref="ArchiveException"><see cref="Problems.Unavailable"/>, <see cref="Problems.Busy"/>.</exception>
    public async Task<BlindFacts> FactsOfAsync(Dataset dataset, CancellationToken ct)
    {
        var key = (dataset.Accession, dataset.Latest.Submission, dataset.Owner);
        if (known.TryGetValue(key, out BlindFacts? facts)) return facts!;
        facts = await FindAsync(dataset, ct);
        return known.Set(key, facts, new MemoryCacheEntryOptions { Size = 100 + facts.Redaction.WordCount, AbsoluteExpirationRelativeToNow = KeptFor });
    }

    // The newest version first: where there are too many names, its names count.
    private async Task<BlindFacts> FindAsync(Dataset dataset, CancellationToken ct)
    {
        var (found, lists) = (new List<IdentifyingText>(), new HashSet<string>(StringComparer.Ordinal));
        if (await accounts.FindAsync(dataset.Owner, ct) is { } owner) found.AddRange([new(owner.Name, true), new(owner.Email, false)]);
        found.AddRange((await sharing.ReadAsync(SharedThing.Of(dataset.Accession), ct)).Collaborators.Select(c => new IdentifyingText(c.Email, false)));
        foreach (var version in dataset.Versions.Reverse().Take(MostVersions))
        {
            var told = await documents.ReadAsync(dataset.DocumentOf(version), versions, Read, ct) ?? throw Missing();
            found.AddRange(told.Names);
            lists.UnionWith(told.FileLists);
            // Whom the columns of its file lists name, which page tabs do not tell.
            if (await submissions.FindAsync(version.Submission, ct) is { } submission) found.AddRange(submission.Named);
        }
        return new(Redaction.Of(found), lists);
    }

    private static VersionFacts Read(PageTabText text)
    {
        var document = PageTabJson.ReadPart(text, Whole).Document;
        var (study, lists) = (RembiReader.Read(document), new HashSet<string>(StringComparer.Ordinal));
        foreach (var list in study.FileLists.Concat(study.LinkLists))
            if (ArchivePath.TryParse(list.Name, null, out var path)) lists.Add(path.MatchKey);
        return new([.. RedactionTerms.Of(document).Distinct().Take(MostNames)], lists);
    }

    private static ArchiveException Missing() => new(Problems.Unavailable, "The dataset's record cannot be read now.");

    private sealed record VersionFacts(IReadOnlyList<IdentifyingText> Names, IReadOnlySet<string> FileLists);
}

/// <summary>What is left out of a dataset for reviewers.</summary>
/// <param name="Redaction">Names and identifiers in texts.</param>
/// <param name="FileLists">Keys of the paths of file lists and link lists, whose rows are metadata as the depositor wrote them.</param>
internal sealed record BlindFacts(Redaction Redaction, IReadOnlySet<string> FileLists);
