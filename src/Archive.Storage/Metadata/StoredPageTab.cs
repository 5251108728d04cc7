namespace Archive.Storage.Metadata;

/// <summary>The text of a stored page tab (UTF-8 JSON), read in pieces while it is asked for. No connection is held in between.</summary>
/// <param name="Content">
/// The text from its start. Reading throws an <see cref="Archive.Model.Errors.ArchiveException"/> when the text is gone or another
/// stands in its place.
/// </param>
/// <param name="LengthBytes">Its length.</param>
/// <param name="Revision">The revision that its draft had when it was opened; of a dataset's, its own.</param>
/// <param name="ReleaseDate">
/// Of what a dataset gives back: the release date that it tells, as <see cref="Archive.Model.Datasets.ReleaseDates.Write"/> writes it;
/// null when it tells none that is known.
/// </param>
public sealed record StoredPageTab(Stream Content, long LengthBytes, long Revision, string? ReleaseDate = null) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
