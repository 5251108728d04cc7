using System.Buffers;
using System.Text;
using System.Text.Json;
using Archive.Model.PageTab;

namespace Archive.Model.Rembi;

/// <summary>Finds the places of a page tab's text where accession and release date belong, in one pass and without a tree.</summary>
/// <param name="accession">As JSON.</param>
/// <param name="date">As JSON; null leaves the dates as they are.</param>
internal sealed class EffectiveEdits(string accession, string? date)
{
    private readonly List<Edit> edits = [];
    private readonly List<Edit> ofSubmission = [];
    private readonly List<Edit> ofSection = [];
    private bool hasAccession;
    private bool hasType;

    // Where the submission's attributes stand: the place before the end of their array, or of what stands there instead of one.
    private (long Start, long Length, string Before, string After)? added;

    /// <summary>The edits in the order of the text.</summary>
    public List<Edit> Find(ReadOnlySequence<byte> text)
    {
        var json = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = PageTabLimits.MaxDepth });
        json.Read();
        var start = json.BytesConsumed;
        var isEmpty = true;
        for (; json.Read() && json.TokenType == JsonTokenType.PropertyName; isEmpty = false) ReadProperty(ref json);
        var head = new List<string>();
        if (!hasAccession) head.Add($"\"accno\":{accession}");
        if (!hasType) head.Add("\"type\":\"submission\"");
        if (date is not null) SetDates(head);
        if (head.Count > 0) Add(edits, start, 0, string.Join(',', head) + (isEmpty ? "" : ","));
        edits.Sort((a, b) => a.Start.CompareTo(b.Start));
        return edits;
    }

    private void SetDates(List<string> head)
    {
        edits.AddRange(ofSubmission);
        edits.AddRange(ofSection);
        if (ofSubmission.Count + ofSection.Count > 0) return;
        var attribute = $$"""{"name":"ReleaseDate","value":{{date}}}""";
        if (added is { } place) Add(edits, place.Start, place.Length, place.Before + attribute + place.After);
        else head.Add($"\"attributes\":[{attribute}]");
    }

    private void ReadProperty(ref Utf8JsonReader json)
    {
        if (json.ValueTextEquals("accno"u8))
        {
            hasAccession = true;
            var (start, length) = Value(ref json);
            Add(edits, start, length, accession);
        }
        else if (json.ValueTextEquals("attributes"u8))
        {
            // Of a property given twice the last counts.
            ofSubmission.Clear();
            var (start, length) = ReadAttributes(ref json, ofSubmission, out var isArray, out var isEmpty);
            added = isArray ? (start + length - 1, 0, isEmpty ? "" : ",", "") : (start, length, "[", "]");
        }
        else if (json.ValueTextEquals("section"u8))
        {
            ofSection.Clear();
            json.Read();
            if (json.TokenType == JsonTokenType.StartObject) ReadSection(ref json);
            else json.Skip();
        }
        else
        {
            hasType |= json.ValueTextEquals("type"u8);
            json.Skip();
        }
    }

    private void ReadSection(ref Utf8JsonReader json)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (!json.ValueTextEquals("attributes"u8))
            {
                json.Skip();
                continue;
            }
            ofSection.Clear();
            ReadAttributes(ref json, ofSection, out _, out _);
        }
    }

    private (long Start, long Length) ReadAttributes(ref Utf8JsonReader json, List<Edit> found, out bool isArray, out bool isEmpty)
    {
        json.Read();
        var start = json.TokenStartIndex;
        isArray = json.TokenType == JsonTokenType.StartArray;
        isEmpty = true;
        if (!isArray) json.Skip();
        else
            for (; json.Read() && json.TokenType != JsonTokenType.EndArray; isEmpty = false)
            {
                if (json.TokenType == JsonTokenType.StartObject) ReadAttribute(ref json, found);
                else json.Skip();
            }
        return (start, json.BytesConsumed - start);
    }

    private void ReadAttribute(ref Utf8JsonReader json, List<Edit> found)
    {
        var start = json.BytesConsumed;
        var isDate = false;
        (long Start, long Length)? value = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("name"u8))
            {
                json.Read();
                isDate = json.TokenType == JsonTokenType.String && SectionView.Key(json.GetString()!) == "releasedate";
                json.Skip();
            }
            else if (json.ValueTextEquals("value"u8)) value = Value(ref json);
            else json.Skip();
        }
        if (!isDate || date is null) return;
        if (value is { } at) Add(found, at.Start, at.Length, date);
        else Add(found, start, 0, $"\"value\":{date},");
    }

    private static (long Start, long Length) Value(ref Utf8JsonReader json)
    {
        json.Read();
        var start = json.TokenStartIndex;
        json.Skip();
        return (start, json.BytesConsumed - start);
    }

    private static void Add(List<Edit> list, long start, long length, string replacement) =>
        list.Add(new(start, length, Encoding.UTF8.GetBytes(replacement)));

    /// <summary>A replacement of part of the text.</summary>
    /// <param name="Start">Its first byte.</param>
    /// <param name="Length">How many bytes go.</param>
    /// <param name="Replacement">What comes in their place.</param>
    internal readonly record struct Edit(long Start, long Length, byte[] Replacement);
}
