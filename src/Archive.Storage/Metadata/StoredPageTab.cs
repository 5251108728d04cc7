namespace Archive.Storage.Metadata;

/// <summary>The text of a stored page tab (UTF-8 JSON), read in pieces while it is asked for. No connection is held in between.</summary>
/// <param name="Content">
/// The text from its start. Reading throws an <see cref="Archive.Model.Errors.ArchiveException"/> when the text is gone or another
/// stands in its place.
/// </param>
/// <param name="LengthBytes">Its length.</param>
/// <param name="Revision">The revision that its draft had when it was opened.</param>
public sealed record StoredPageTab(Stream Content, long LengthBytes, long Revision) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
