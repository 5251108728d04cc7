using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.PageTab;
using Npgsql;
using NpgsqlTypes;

namespace Archive.Storage.Metadata.Postgres;

public sealed partial class PostgresDatasetStore
{
    private const int PieceBytes = 64 * 1024;
    private const string Found = "accession = $1 AND number = $2 AND submission = $3";

    /// <inheritdoc/>
    public async Task AddDocumentAsync(
        DatasetDocument document, PageTabText pageTab, DateTimeOffset? releaseDate, PageTabText asSent, CancellationToken ct)
    {
        // As streams, so that the driver sends them piece by piece.
        await using var given = pageTab.Open();
        await using var sent = asSent.Open();
        await database.ExecuteAsync(new Statement("""
            INSERT INTO dataset_documents (accession, number, submission, page_tab, page_tab_date, as_sent) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT DO NOTHING
            """, [.. Key(document), Bytes(given), Written(releaseDate), Bytes(sent)]), ct);
    }

    /// <inheritdoc/>
    public Task<StoredPageTab?> OpenPageTabAsync(DatasetDocument document, CancellationToken ct) => OpenAsync(document, "page_tab", ct);

    /// <inheritdoc/>
    public Task<StoredPageTab?> OpenSentPageTabAsync(DatasetDocument document, CancellationToken ct) => OpenAsync(document, "as_sent", ct);

    /// <inheritdoc/>
    public async Task<bool> TryReplacePageTabAsync(
        DatasetDocument document, StoredPageTab replaced, PageTabText pageTab, DateTimeOffset releaseDate, CancellationToken ct)
    {
        await using var given = pageTab.Open();
        return await database.ExecuteAsync(new Statement($"""
            UPDATE dataset_documents SET page_tab = $5, page_tab_date = $6, page_tab_revision = page_tab_revision + 1
            WHERE {Found} AND page_tab_revision = $4
            """, [.. Key(document), replaced.Revision, Bytes(given), Written(releaseDate)]), ct) > 0;
    }

    private async Task<StoredPageTab?> OpenAsync(DatasetDocument document, string column, CancellationToken ct)
    {
        var opened = await database.ReadOneAsync(new Statement($"""
            SELECT substring({column} FROM 1 FOR $4), octet_length({column}), page_tab_revision, page_tab_date FROM dataset_documents WHERE {Found}
            """, [.. Key(document), PieceBytes]),
            row => new Opened(row.GetFieldValue<byte[]>(0), row.GetInt32(1), row.GetInt64(2), row.IsDBNull(3) ? null : row.GetString(3)), ct);
        if (opened is null) return null;
        var content = new PieceStream(opened.First, opened.LengthBytes, (from, stop) => ReadPieceAsync(document, column, opened.Revision, from, stop));
        return new(content, opened.LengthBytes, opened.Revision, opened.ReleaseDate);
    }

    private async Task<byte[]> ReadPieceAsync(DatasetDocument document, string column, long revision, long from, CancellationToken ct) =>
        await database.ReadOneAsync(new Statement($"""
            SELECT substring({column} FROM $5 FOR $6) FROM dataset_documents WHERE {Found} AND page_tab_revision = $4
            """, [.. Key(document), revision, (int)from + 1, PieceBytes]), row => row.GetFieldValue<byte[]>(0), ct)
        ?? throw new ArchiveException(Problems.Conflict, "The page tab was replaced while it was read.");

    private static object?[] Key(DatasetDocument document) => [document.Accession.ToString(), document.Number, document.Submission.Value];

    private static NpgsqlParameter Bytes(Stream content) => new() { NpgsqlDbType = NpgsqlDbType.Bytea, Value = content };

    private static string? Written(DateTimeOffset? releaseDate) => releaseDate is { } date ? ReleaseDates.Write(date) : null;

    private sealed record Opened(byte[] First, int LengthBytes, long Revision, string? ReleaseDate);
}
