using Archive.Model.Datasets;
using Archive.Model.Files;

namespace Archive.Indexer.Shelves;

/// <summary>Names the files of one version of a dataset as somebody sees them.</summary>
/// <param name="Accession">The dataset.</param>
/// <param name="Version">The version.</param>
/// <param name="Pass">The submission that committed it: after going back to a backup the same number may come again with other files.</param>
/// <param name="View">Another text for each way to see them (<see cref="FileView.Name"/>); null: as they were deposited.</param>
public sealed record ShelfId(Accession Accession, int Version, string Pass, string? View = null)
{
    /// <summary>What cursors into it are bound to.</summary>
    internal string Scope => $"{Accession} v{Version} {Pass} {View}";
}

/// <summary>How somebody sees files who is not to see all of their attributes.</summary>
/// <param name="Name">The same for the same view, and another whenever anything in it differs.</param>
/// <param name="Attributes">What is shown of a file's attributes. Called for each file once, by one thread.</param>
public sealed record FileView(string Name, Func<IReadOnlyList<FileAttribute>, IReadOnlyList<FileAttribute>> Attributes);

/// <summary>Settings of the shelves that a node keeps open.</summary>
/// <param name="Folder">Where copies are written. It is this process's own and is emptied at the start; no route serves it.</param>
public sealed record ShelfOptions(string Folder)
{
    /// <summary>Bytes of shelves that stay open at most; the one in use may be longer.</summary>
    public long MaxBytes { get; init; } = 2_000_000_000;

    /// <summary>Shelves that stay open at most.</summary>
    public int MaxCount { get; init; } = 256;

    /// <summary>Shelves that are fetched or made at once at most, those that wait for their turn among them.</summary>
    public int MaxPending { get; init; } = 16;
}
