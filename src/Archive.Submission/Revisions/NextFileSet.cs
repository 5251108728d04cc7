using System.Runtime.CompilerServices;
using Archive.Model.Errors;
using Archive.Model.Files;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Storage.Objects;
using Archive.Submissions.Staging;

namespace Archive.Submissions.Revisions;

/// <summary>
/// The files of the version that a draft makes: what is staged and, for a revision, what the version before has and the draft does not
/// remove. Nothing is held: each call reads what it needs.
/// </summary>
public sealed class NextFileSet
{
    private const int BatchFiles = 1000;

    private readonly DraftId draft;
    private readonly IUploadStore uploads;
    private readonly StagingArea staging;
    private readonly IFileReferenceStore? references;
    private readonly IObjectStore? objects;

    internal NextFileSet(
        DraftId draft, IUploadStore uploads, StagingArea staging, RevisionBase? from, IFileReferenceStore? references, IObjectStore? objects)
    {
        this.draft = draft;
        this.uploads = uploads;
        this.staging = staging;
        this.references = references;
        this.objects = objects;
        Base = from;
    }

    /// <summary>The version before; null for a first version.</summary>
    public RevisionBase? Base { get; }

    /// <summary>The files of a first version: those that are staged.</summary>
    public static NextFileSet OfStaged(DraftId draft, IUploadStore uploads, StagingArea staging) => new(draft, uploads, staging, null, null, null);

    /// <summary>Every path in path order, after the one given (null: from the start), removed ones too. Costs what is taken of it.</summary>
    public async IAsyncEnumerable<NextFile> ListAsync(ArchivePath? after, [EnumeratorCancellation] CancellationToken ct)
    {
        if (Base is null)
        {
            await foreach (var file in uploads.ListAsync(draft, after, ct)) yield return NextFile.Of(file);
            yield break;
        }
        await using var staged = uploads.ListPathsAsync(draft, after, ct).GetAsyncEnumerator(ct);
        var hasStaged = await staged.MoveNextAsync();
        await foreach (var before in references!.ListAsync(Base.Head, Base.Version, after, ct))
        {
            var key = before.Path.MatchKey;
            StagedPath? same = null;
            while (hasStaged && ArchivePath.Compare(staged.Current.Path.MatchKey, key) is <= 0 and var order)
            {
                if (order == 0) same = staged.Current;
                else if (NextFile.Of(staged.Current, null) is { } added) yield return added;
                hasStaged = await staged.MoveNextAsync();
            }
            yield return NextFile.Of(same, before)!;
        }
        for (; hasStaged; hasStaged = await staged.MoveNextAsync())
            if (NextFile.Of(staged.Current, null) is { } added)
                yield return added;
    }

    /// <summary>The files that the next version has, in path order.</summary>
    public async IAsyncEnumerable<NextFile> ListPresentAsync([EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var file in ListAsync(null, ct))
            if (file.State != NextFileState.Removed)
                yield return file;
    }

    /// <summary>
    /// What the draft itself says of paths, in path order, after the one given: staged files, among them such as change nothing, and removals.
    /// Costs nothing for what the version before has besides.
    /// </summary>
    public async IAsyncEnumerable<NextFile> ListStagedAsync(ArchivePath? after, [EnumeratorCancellation] CancellationToken ct)
    {
        if (Base is null)
        {
            await foreach (var file in uploads.ListAsync(draft, after, ct)) yield return NextFile.Of(file);
            yield break;
        }
        await foreach (var batch in InBatches(uploads.ListPathsAsync(draft, after, ct), BatchFiles, ct))
        {
            var before = await FindBaseAsync([.. batch.Select(s => s.Path)], ct);
            foreach (var staged in batch)
                if (NextFile.Of(staged, before.GetValueOrDefault(staged.Path.MatchKey)) is { } file)
                    yield return file;
        }
    }

    /// <summary>One path, removed or not; null when neither the draft nor the version before has a file there.</summary>
    public async Task<NextFile?> FindAsync(ArchivePath path, CancellationToken ct)
    {
        if (Base is null) return await uploads.FindAsync(draft, path, ct) is { } file ? NextFile.Of(file) : null;
        var staged = await uploads.FindPathsAsync(draft, [path], ct);
        return NextFile.Of(staged is [var one] ? one : null, await references!.FindAsync(Base.Head, path, Base.Version, ct));
    }

    /// <summary>Which of some paths the next version has, by match key. Costs what is asked.</summary>
    public async Task<IReadOnlySet<string>> FindPresentAsync(IReadOnlyCollection<ArchivePath> paths, CancellationToken ct)
    {
        var present = new HashSet<string>(StringComparer.Ordinal);
        foreach (var batch in paths.Chunk(BatchFiles))
        {
            if (Base is not null) present.UnionWith((await FindBaseAsync(batch, ct)).Keys);
            foreach (var staged in await uploads.FindPathsAsync(draft, batch, ct))
                if (staged.File is null) present.Remove(staged.Path.MatchKey);
                else present.Add(staged.Path.MatchKey);
        }
        return present;
    }

    /// <summary>Opens the content that the next version has at a path.</summary>
    /// <exception cref="IOException">Staging or the object store failed, or the content is gone.</exception>
    public async Task<Stream> OpenAsync(NextFile file, CancellationToken ct)
    {
        if (file.Staged is { } staged) return await staging.OpenAsync(staged, ct);
        return await objects!.OpenAsync(new(file.Base!.ObjectKey!), 0, null, ct)
            ?? throw new ArchiveException(Problems.Unavailable, $"The stored content of '{file.Path}' cannot be read now.");
    }

    /// <summary>What the version before has at some paths, by match key.</summary>
    internal async Task<Dictionary<string, FileReference>> FindBaseAsync(IReadOnlyCollection<ArchivePath> paths, CancellationToken ct) => paths.Count == 0
        ? []
        : (await references!.FindAllAsync(Base!.Head, paths, Base.Version, ct)).ToDictionary(r => r.Path.MatchKey, StringComparer.Ordinal);

    /// <summary>Which of some paths are folders of the version before.</summary>
    internal async Task<IReadOnlySet<ArchivePath>> FindBaseFoldersAsync(IReadOnlyCollection<ArchivePath> paths, CancellationToken ct) => paths.Count == 0
        ? new HashSet<ArchivePath>()
        : await references!.FindFoldersAsync(Base!.Head, paths, Base.Version, ct);

    internal static async IAsyncEnumerable<List<T>> InBatches<T>(IAsyncEnumerable<T> items, int size, [EnumeratorCancellation] CancellationToken ct)
    {
        var batch = new List<T>(size);
        await foreach (var item in items.WithCancellation(ct))
        {
            batch.Add(item);
            if (batch.Count < size) continue;
            yield return batch;
            batch = new(size);
        }
        if (batch.Count > 0) yield return batch;
    }
}
