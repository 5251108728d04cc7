using System.Buffers.Text;
using System.Text;

namespace Archive.Api.Http;

/// <summary>A page of a list.</summary>
/// <param name="Items">In the list's order.</param>
/// <param name="Next">The cursor of the next page; null on the last.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Lists page by an opaque cursor that names the last item of the page before.</summary>
internal static class Paging
{
    /// <summary>Items of a page when the caller does not say.</summary>
    public const int StandardSize = 50;

    /// <summary>The most items of a page.</summary>
    public const int MaxSize = 1000;

    /// <summary>The size asked for, checked.</summary>
    public static int Size(int? size, int maximum = MaxSize) => size switch
    {
        null => StandardSize,
        >= 1 when size <= maximum => size.Value,
        _ => throw Refusal.OfParameter("size", $"1 to {maximum}"),
    };

    /// <summary>A cursor after the item with the key.</summary>
    public static string Cursor(string key) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key));

    /// <summary>The key that a cursor names; null for the first page.</summary>
    public static T? Key<T>(string? cursor)
        where T : struct, IParsable<T>
    {
        if (string.IsNullOrEmpty(cursor)) return null;
        // The decoder itself throws on characters of no alphabet.
        if (cursor.Length <= 4096 && Base64Url.IsValid(cursor) && T.TryParse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)), null, out var key))
            return key;
        throw new Archive.Model.Errors.ArchiveException(Archive.Model.Errors.Problems.BadRequest, "The cursor is not one that a page before gave.");
    }

    /// <summary>Makes a page of one item more than its size: the one too many says that there is a next page.</summary>
    public static Page<TItem> Cut<TSource, TItem>(IReadOnlyList<TSource> found, int size, Func<TSource, string> key, Func<TSource, TItem> item) =>
        new([.. found.Take(size).Select(item)], found.Count > size ? Cursor(key(found[size - 1])) : null);

    /// <summary>Reads a page and one item more from a stream.</summary>
    public static async Task<List<T>> TakeAsync<T>(IAsyncEnumerable<T> source, int count, CancellationToken ct)
    {
        var found = new List<T>(Math.Min(count, 1024));
        await foreach (var item in source.WithCancellation(ct))
        {
            found.Add(item);
            if (found.Count == count) break;
        }
        return found;
    }
}
