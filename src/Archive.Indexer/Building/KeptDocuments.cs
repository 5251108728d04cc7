using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Archive.Indexer.Format;
using Archive.Model.Datasets;
using Archive.Model.Search;

namespace Archive.Indexer.Building;

/// <summary>
/// What a generation was made from, kept beside it so that the next build need not ask the database for what did not change. One
/// DEFLATE stream of records in accession order: length u32, CRC-32C u32, both of the rest; change i64, length of the accession u8, accession,
/// document as JSON. The first record has no accession and the recipe that documents were made by. A file that is damaged, cut off or of
/// another recipe is of no use from there on, and does no harm: what it lacks is read from the database.
/// </summary>
internal static class KeptDocuments
{
    public const int HeadBytes = 8;
    public const int MaxRecordBytes = 1 << 30;

    /// <summary>Room of change and length of the accession.</summary>
    public const int FactsBytes = 9;
}

/// <summary>Writes the documents of a generation.</summary>
internal sealed class KeptDocumentsWriter : IDisposable
{
    private readonly DeflateStream stream;

    /// <summary>Begins a file, in the place of one that may be there.</summary>
    public KeptDocumentsWriter(string path, string recipe)
    {
        stream = new DeflateStream(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16), CompressionLevel.Fastest);
        Write("", 0, Encoding.UTF8.GetBytes(recipe));
    }

    /// <summary>Adds the next document.</summary>
    public void Add(SearchDocument document) => Write(document.Accession.ToString(), document.Change, JsonSerializer.SerializeToUtf8Bytes(document));

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    private void Write(string accession, long change, ReadOnlySpan<byte> content)
    {
        var name = Encoding.ASCII.GetBytes(accession);
        var rest = new byte[KeptDocuments.FactsBytes + name.Length + content.Length];
        BinaryPrimitives.WriteInt64LittleEndian(rest, change);
        rest[8] = checked((byte)name.Length);
        name.CopyTo(rest, KeptDocuments.FactsBytes);
        content.CopyTo(rest.AsSpan(KeptDocuments.FactsBytes + name.Length));
        Span<byte> head = stackalloc byte[KeptDocuments.HeadBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(head, (uint)rest.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], Checksum.Of(rest));
        stream.Write(head);
        stream.Write(rest);
    }
}

/// <summary>Reads the documents of a generation, once and forwards.</summary>
internal sealed class KeptDocumentsReader : IDisposable
{
    private readonly DeflateStream? stream;
    private byte[] record = [];
    private bool isAtEnd;
    private Accession? at;
    private int contentAt;

    /// <summary>Opens a file that may be absent, damaged or of another recipe: then it has no documents.</summary>
    public KeptDocumentsReader(string path, string recipe)
    {
        if (!File.Exists(path))
        {
            isAtEnd = true;
            return;
        }
        stream = new DeflateStream(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16), CompressionMode.Decompress);
        isAtEnd = !TryNext() || at is not null || Encoding.UTF8.GetString(record.AsSpan(contentAt)) != recipe || !TryNext();
    }

    /// <summary>The document of a dataset as it was at a change; null when it is not there. Asked for in accession order.</summary>
    public SearchDocument? Find(Accession accession, long change)
    {
        while (!isAtEnd && at is { } reached && reached.CompareTo(accession) < 0) isAtEnd = !TryNext();
        if (isAtEnd || at != accession || BinaryPrimitives.ReadInt64LittleEndian(record) != change) return null;
        try
        {
            return JsonSerializer.Deserialize<SearchDocument>(record.AsSpan(contentAt));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => stream?.Dispose();

    private bool TryNext()
    {
        try
        {
            Span<byte> head = stackalloc byte[KeptDocuments.HeadBytes];
            if (stream!.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length) return false;
            var length = BinaryPrimitives.ReadUInt32LittleEndian(head);
            if (length is < KeptDocuments.FactsBytes or > KeptDocuments.MaxRecordBytes) return false;
            record = new byte[length];
            if (stream.ReadAtLeast(record, record.Length, throwOnEndOfStream: false) < record.Length) return false;
            if (Checksum.Of(record) != BinaryPrimitives.ReadUInt32LittleEndian(head[4..])) return false;
            contentAt = KeptDocuments.FactsBytes + record[8];
            if (contentAt > record.Length) return false;
            at = record[8] == 0 ? null : Accession.Parse(Encoding.ASCII.GetString(record, KeptDocuments.FactsBytes, record[8]), null);
            return true;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or FormatException)
        {
            return false;
        }
    }
}
