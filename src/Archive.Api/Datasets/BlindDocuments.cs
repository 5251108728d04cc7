using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.Files;
using Archive.Model.PageTab;
using Archive.Model.Rembi;
using Archive.Model.Sharing;
using Archive.Storage.Metadata;
using Microsoft.Extensions.Caching.Memory;

namespace Archive.Api.Datasets;

/// <summary>
/// What of datasets' metadata reviewers see. Names are looked for in the whole of every version, since any may name who is meant by a text of
/// another; that takes memory for a moment, so one at a time is read, and what was found is kept for a while.
/// </summary>
internal sealed class BlindDocuments(IDatasetStore datasets, IAccountStore accounts, ISharingStore sharing) : IDisposable
{
    private const int Kept = 64;
    private const int FormsPerPlace = 5000;

    // Of a dataset with more versions the newest are looked at.
    private const int MostVersions = 20;
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);
    private static readonly PageTabPart Whole = new(long.MaxValue, long.MaxValue, IsHead: false);

    private readonly SemaphoreSlim turn = new(1);
    private readonly MemoryCache known = new(new MemoryCacheOptions { SizeLimit = Kept });

    /// <summary>The head without what tells who deposited.</summary>
    public static Dataset Blind(Dataset dataset, Redaction redaction) => dataset with { Title = redaction.Apply(dataset.Title), Owner = default, WithdrawalReason = null };

    /// <summary>As much of a version's page tab as a page shows, as reviewers see it.</summary>
    /// <exception cref="ArchiveException"><see cref="Problems.Unavailable"/>.</exception>
    public async Task<PageTabExcerpt> ReadAsync(DatasetDocument document, Redaction redaction, CancellationToken ct)
    {
        var read = await ReadAsync(document, PageTabPart.Page, ct);
        return read with { Document = BlindView.Of(read.Document, redaction) };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        turn.Dispose();
        known.Dispose();
    }

    /// <summary>What is to be left out of the dataset.</summary>
    public async Task<BlindFacts> FactsOfAsync(Dataset dataset, CancellationToken ct)
    {
        var key = (dataset.Accession, dataset.Latest.Submission, dataset.Owner);
        if (known.TryGetValue(key, out BlindFacts? facts)) return facts!;
        await turn.WaitAsync(ct);
        try
        {
            // Read by another while this one waited, most likely.
            if (known.TryGetValue(key, out facts)) return facts!;
            facts = await FindAsync(dataset, ct);
            return known.Set(key, facts, new MemoryCacheEntryOptions { Size = 1 + (facts.Redaction.Count / FormsPerPlace), AbsoluteExpirationRelativeToNow = KeptFor });
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<BlindFacts> FindAsync(Dataset dataset, CancellationToken ct)
    {
        var (found, lists) = (new List<IdentifyingText>(), new HashSet<string>(StringComparer.Ordinal));
        if (await accounts.FindAsync(dataset.Owner, ct) is { } owner) found.AddRange([new(owner.Name, true), new(owner.Email, false)]);
        found.AddRange((await sharing.ReadAsync(SharedThing.Of(dataset.Accession), ct)).Collaborators.Select(c => new IdentifyingText(c.Email, false)));
        foreach (var version in dataset.Versions.TakeLast(MostVersions))
        {
            var read = await ReadAsync(dataset.DocumentOf(version), Whole, ct);
            found.AddRange(RedactionTerms.Of(read.Document));
            var study = RembiReader.Read(read.Document);
            foreach (var list in study.FileLists.Concat(study.LinkLists))
                if (ArchivePath.TryParse(list.Name, null, out var path)) lists.Add(path.MatchKey);
        }
        return new(Redaction.Of(found), lists);
    }

    private async Task<PageTabExcerpt> ReadAsync(DatasetDocument document, PageTabPart part, CancellationToken ct)
    {
        await using var stored = await datasets.OpenPageTabAsync(document, ct)
            ?? throw new ArchiveException(Problems.Unavailable, "The dataset's record cannot be read now.");
        using var text = (await PageTabText.ReceiveAsync(stored.Content, long.MaxValue, ct))!;
        return PageTabJson.ReadPart(text, part);
    }
}

/// <summary>What is left out of a dataset for reviewers.</summary>
/// <param name="Redaction">Names and identifiers in texts.</param>
/// <param name="FileLists">Keys of the paths of file lists and link lists, whose rows are metadata as the depositor wrote them.</param>
internal sealed record BlindFacts(Redaction Redaction, IReadOnlySet<string> FileLists);
