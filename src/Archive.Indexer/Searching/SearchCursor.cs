using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Archive.Model.Errors;

namespace Archive.Indexer.Searching;

/// <summary>The place after which a page begins.</summary>
/// <param name="Generation">The generation that scores are of; null for sorts by a field, which go on in any.</param>
/// <param name="Number">The last hit's number, score or day; null when it had none.</param>
/// <param name="Text">The last hit's value; null when it had none.</param>
/// <param name="Accession">The last hit's dataset.</param>
/// <param name="Path">The last hit's path; null for datasets.</param>
internal sealed record SearchCursor(string? Generation, long? Number, string? Text, string Accession, string? Path)
{
    /// <summary>The state that scores are of: words count more or less with every dataset that comes or goes. Null for sorts by a field.</summary>
    public string? State { get; init; }
}

/// <summary>Turns places into opaque texts and back: signed, and bound to the query that they belong to.</summary>
internal sealed class CursorSigner
{
    private const int SignatureBytes = 16;
    private const int MaxLength = 16_384;

    private readonly byte[] key;

    /// <param name="key">A secret of at least 16 bytes, the same on every node.</param>
    public CursorSigner(byte[] key)
    {
        if (key.Length < 16) throw new ArgumentException("The key for cursors needs at least 16 bytes.", nameof(key));
        this.key = key;
    }

    /// <summary>Signs a place.</summary>
    /// <param name="query">What the cursor belongs to, the same text for the same query.</param>
    public string Sign(string query, SearchCursor cursor)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(cursor);
        return Base64Url([.. Signature(query, payload), .. payload]);
    }

    /// <summary>Reads a place.</summary>
    /// <exception cref="ArchiveException">It was not signed here, or for another query.</exception>
    public SearchCursor Read(string query, string text)
    {
        if (text.Length <= MaxLength && TryBase64Url(text, out var bytes) && bytes.Length > SignatureBytes)
        {
            var payload = bytes.AsSpan(SignatureBytes);
            if (CryptographicOperations.FixedTimeEquals(bytes.AsSpan(0, SignatureBytes), Signature(query, payload))
                && JsonSerializer.Deserialize<SearchCursor>(payload) is { } cursor)
                return cursor;
        }
        throw new ArchiveException(Problems.CursorInvalid, "The parameter cursor was not given out for this query.");
    }

    private byte[] Signature(string query, ReadOnlySpan<byte> payload)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(query)));
        hash.AppendData(payload);
        return hash.GetHashAndReset()[..SignatureBytes];
    }

    private static string Base64Url(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private static bool TryBase64Url(string text, out byte[] bytes)
    {
        bytes = [];
        if (!System.Buffers.Text.Base64Url.IsValid(text)) return false;
        bytes = System.Buffers.Text.Base64Url.DecodeFromChars(text);
        // Trailing bits that stand for nothing would give one cursor several spellings.
        return Base64Url(bytes) == text;
    }
}
