using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Archive.Submissions.TextMetadata.BioImageIt;

/// <summary>A JSON value that knows its line.</summary>
/// <param name="Line">Of the value's first character, from 1.</param>
/// <param name="Text">The text of a string, or a number or truth value as written; null of anything else.</param>
/// <param name="Members">The members of an object in order, each name once; null of anything else.</param>
/// <param name="Items">The elements of an array; null of anything else.</param>
internal sealed record LinedJson(long Line, string? Text, Dictionary<string, LinedJson>? Members, List<LinedJson>? Items)
{
    private const int MaxDepth = 16;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The member of an object; null where there is none, or the value is no object.</summary>
    public LinedJson? this[string name] => Members?.GetValueOrDefault(name);

    /// <summary>The elements of an array member; none where there is no such array.</summary>
    public IReadOnlyList<LinedJson> List(string name) => this[name]?.Items ?? [];

    /// <summary>A text member, trimmed; null where it is absent or blank.</summary>
    public LinedJson? Told(string name) => this[name] is { Text.Length: > 0 } text ? text : null;

    /// <summary>Reads a document.</summary>
    /// <param name="valuesLeft">How many values it may have; taken down by those that it has.</param>
    /// <exception cref="JsonException">It is no JSON, too deep or has too many values; the line is in it, from 0.</exception>
    public static LinedJson Parse(byte[] bytes, ref int valuesLeft)
    {
        ReadOnlySpan<byte> text = System.Text.Unicode.Utf8.IsValid(bytes) ? bytes : Encoding.UTF8.GetBytes(TextLines.Decode(bytes));
        if (text.StartsWith("\uFEFF"u8)) text = text[3..];
        var reader = new Utf8JsonReader(text, Options);
        var place = new Place { Line = 1, ValuesLeft = valuesLeft };
        try
        {
            if (!reader.Read()) throw new JsonException("The file is empty.", null, 0, null);
            var root = Read(ref reader, text, ref place);
            while (reader.Read())
            {
                // Whatever follows the document is refused by the reader.
            }
            return root;
        }
        finally
        {
            valuesLeft = place.ValuesLeft;
        }
    }

    // Recursive, as deep as the reader lets it.
    private static LinedJson Read(ref Utf8JsonReader reader, scoped ReadOnlySpan<byte> text, ref Place place)
    {
        var start = (int)reader.TokenStartIndex;
        place.Line += text[place.Counted..start].Count((byte)'\n');
        place.Counted = start;
        var at = place.Line;
        if (--place.ValuesLeft < 0) throw new JsonException("The files have more values than are read.", null, at - 1, null);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var members = new Dictionary<string, LinedJson>(StringComparer.Ordinal);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = TextOf(ref reader, at);
                    reader.Read();
                    var value = Read(ref reader, text, ref place);
                    members.TryAdd(name, value);
                }
                return new LinedJson(at, null, members, null);
            case JsonTokenType.StartArray:
                var items = new List<LinedJson>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) items.Add(Read(ref reader, text, ref place));
                return new LinedJson(at, null, null, items);
            case JsonTokenType.String:
                return new LinedJson(at, CleanText.Of(TextOf(ref reader, at)), null, null);
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                return new LinedJson(at, Encoding.UTF8.GetString(reader.ValueSpan), null, null);
            default:
                return new LinedJson(at, null, null, null);
        }
    }

    private static string TextOf(ref Utf8JsonReader reader, long at)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("A text is not valid Unicode.", null, at - 1, null, e);
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Place
    {
        public int Counted;
        public long Line;
        public int ValuesLeft;
    }
}
