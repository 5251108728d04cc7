using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.PageTab;
using Archive.Model.Rembi;
using Archive.Storage.Metadata;
using Microsoft.Extensions.Caching.Memory;

namespace Archive.Api.Datasets;

/// <summary>
/// The metadata of datasets for readers, whoever and however many they are: page tabs are handed on in pieces, and of what is larger than
/// a few pages one at a time is read, so that memory does not grow with those who ask.
/// </summary>
internal sealed class DatasetDocuments(IDatasetStore datasets) : IDisposable
{
    /// <summary>A page tab above this length is read only when its turn comes, and its view kept for the next who ask.</summary>
    public const long FromBytes = 128 << 10;

    /// <summary>Views kept; see <see cref="PageTabPart.Page"/> for what one takes.</summary>
    public const int KeptViews = 16;

    /// <summary>Page tabs above <see cref="FromBytes"/> that are turned into TSV or XML at once: each tree takes some 100 MB at most.</summary>
    public const int LargeForms = 2;

    private const int Tries = 5;
    private static readonly TimeSpan FormPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TurnPatience = TimeSpan.FromSeconds(30);
    private static readonly PageTabLimits Taken = new(long.MaxValue, int.MaxValue);
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim turn = new(1);
    private readonly SemaphoreSlim forms = new(LargeForms);
    private readonly MemoryCache views = new(new MemoryCacheOptions { SizeLimit = KeptViews });

    /// <summary>
    /// The page tab that is given back. When the release date was moved since it was written it is written once more, by the first who
    /// asks; the caller disposes of it.
    /// </summary>
    /// <exception cref="ArchiveException"><see cref="Problems.Conflict"/>: the date moves faster than it can be written.</exception>
    public async Task<StoredPageTab?> OpenPageTabAsync(Dataset dataset, CommittedVersion version, CancellationToken ct)
    {
        var document = dataset.DocumentOf(version);
        for (var i = 0; i < Tries; i++)
        {
            var stored = await datasets.OpenPageTabAsync(document, ct);
            if (stored is null || dataset.ReleaseDate is not { } date || Tells(stored, date)) return stored;
            await stored.DisposeAsync();
            await WriteDateAsync(document, date, ct);
        }
        throw new ArchiveException(Problems.Conflict, "The release date is being changed by others all the time.");
    }

    /// <summary>The typed view of as much as a page shows, files left out; null when there is no such document.</summary>
    /// <exception cref="ArchiveException"><see cref="Problems.Busy"/>.</exception>
    public Task<StudyView?> ReadStudyAsync(DatasetDocument document, CancellationToken ct) => ReadAsync(document, views, ReadStudy, ct);

    /// <summary>What is made of a page tab; of a long one when its turn comes, and then kept for the next who ask. Null when there is no such document.</summary>
    /// <param name="known">What was made of long ones; it has its own bound, and each counts as one.</param>
    /// <param name="make">Makes it.</param>
    /// <exception cref="ArchiveException"><see cref="Problems.Busy"/>: its turn did not come in a while.</exception>
    public async Task<T?> ReadAsync<T>(DatasetDocument document, MemoryCache known, Func<PageTabText, T> make, CancellationToken ct)
        where T : class
    {
        if (known.TryGetValue(document, out T? made)) return made;
        await using (var stored = await datasets.OpenPageTabAsync(document, ct))
        {
            if (stored is null) return null;
            if (stored.LengthBytes <= FromBytes) return await MakeAsync(stored, make, ct);
        }
        if (!await turn.WaitAsync(TurnPatience, ct)) throw new ArchiveException(Problems.Busy, "Others are reading large page tabs.");
        try
        {
            // Read by another while this one waited, most likely.
            if (known.TryGetValue(document, out made)) return made;
            await using var stored = await datasets.OpenPageTabAsync(document, ct);
            return stored is null
                ? null
                : known.Set(document, await MakeAsync(stored, make, ct), new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = Kept });
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Takes a place to turn a large page tab into another form, to be held until that is written; null for one that needs none.</summary>
    /// <exception cref="ArchiveException"><see cref="Problems.Busy"/>: no place became free in a while.</exception>
    public async Task<IDisposable?> EnterFormAsync(StoredPageTab stored, CancellationToken ct)
    {
        if (stored.LengthBytes <= FromBytes) return null;
        return await forms.WaitAsync(FormPatience, ct)
            ? new FormPlace(forms)
            : throw new ArchiveException(Problems.Busy, "Others are being given large page tabs as TSV or XML. As JSON it can be had at once.");
    }

    /// <summary>The whole tree of a page tab that was taken before.</summary>
    /// <exception cref="InvalidOperationException">The stored text is damaged.</exception>
    public static async Task<PageTabDocument> ReadAllAsync(StoredPageTab stored, CancellationToken ct)
    {
        var reading = await PageTabJson.ReadAsync(stored.Content, Taken, ct);
        return reading.Document ?? throw new InvalidOperationException($"A stored page tab cannot be read: {reading.Fault}.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        turn.Dispose();
        forms.Dispose();
        views.Dispose();
    }

    private async Task WriteDateAsync(DatasetDocument document, DateTimeOffset date, CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            await using var stored = await datasets.OpenPageTabAsync(document, ct);
            if (stored is null || Tells(stored, date)) return;
            using var text = await ReceiveAsync(stored, ct);
            using var dated = EffectivePageTab.Of(text, document.Accession, date);
            await datasets.TryReplacePageTabAsync(document, stored, dated, date, ct);
        }
        finally
        {
            turn.Release();
        }
    }

    private static async Task<T> MakeAsync<T>(StoredPageTab stored, Func<PageTabText, T> make, CancellationToken ct)
    {
        using var text = await ReceiveAsync(stored, ct);
        return make(text);
    }

    private static StudyView ReadStudy(PageTabText text)
    {
        var excerpt = PageTabJson.ReadPart(text, PageTabPart.Page);
        return new(RembiReader.Read(excerpt.Document), excerpt.IsShortened);
    }

    private static async Task<PageTabText> ReceiveAsync(StoredPageTab stored, CancellationToken ct) =>
        (await PageTabText.ReceiveAsync(stored.Content, long.MaxValue, ct))!;

    private static bool Tells(StoredPageTab stored, DateTimeOffset date) => stored.ReleaseDate == ReleaseDates.Write(date);

    private sealed class FormPlace(SemaphoreSlim forms) : IDisposable
    {
        private int isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isLeft, 1) == 0) forms.Release();
        }
    }
}

/// <summary>As much of a dataset's metadata as a page shows.</summary>
/// <param name="Study">The typed view, without files.</param>
/// <param name="IsShortened">Whether there is more in the page tab.</param>
internal sealed record StudyView(RembiStudy Study, bool IsShortened);
