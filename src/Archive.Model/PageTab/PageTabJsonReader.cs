using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Archive.Model.PageTab;

/// <summary>
/// Reads a document in one pass over its text and builds the tree, or only looks; collects findings instead of stopping. Of a
/// property given twice the last counts. How deep it goes is bounded by the reader of JSON.
/// </summary>
/// <param name="maxItems">See <see cref="PageTabLimits.MaxItems"/>.</param>
/// <param name="isKept">Whether to build the tree; else nothing but findings comes of it.</param>
/// <param name="part">What is read; null for everything.</param>
internal sealed class PageTabJsonReader(int maxItems, bool isKept, PageTabPart? part = null)
{
    private readonly PageTabTexts texts = new(part?.MaxTextBytes ?? long.MaxValue);
    private readonly PageTabPile<PageTabAttribute> attributes = new();
    private readonly PageTabPile<PageTabQualifier> qualifiers = new();
    private readonly (PageTabPile<PageTabEntry<PageTabFile>> Entries, PageTabPile<PageTabFile> Rows) files = (new(), new());
    private readonly (PageTabPile<PageTabEntry<PageTabLink>> Entries, PageTabPile<PageTabLink> Rows) links = (new(), new());
    private readonly (PageTabPile<PageTabEntry<PageTabSection>> Entries, PageTabPile<PageTabSection> Rows) sections = (new(), new());
    private int items;
    private long passedBytes;
    private bool isFull;

    private delegate T? One<out T>(ref Utf8JsonReader json);

    /// <summary>What was found.</summary>
    public PageTabFindings Findings => texts.Findings;

    /// <summary>Whether a bound of the part was met and something left out.</summary>
    public bool IsShortened => isFull || texts.IsShortened;

    /// <summary>Reads the whole text.</summary>
    /// <returns>The tree; null where it is not kept, or where the text is no JSON object: then with no finding.</returns>
    /// <exception cref="JsonException">It is not JSON, or too deep.</exception>
    /// <exception cref="InvalidOperationException">A property name is no valid Unicode.</exception>
    /// <exception cref="OverfullException">It has more items than are allowed.</exception>
    public PageTabDocument? Read(ReadOnlySequence<byte> text, out bool isObject)
    {
        var json = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = PageTabLimits.MaxDepth });
        json.Read();
        isObject = json.TokenType == JsonTokenType.StartObject;
        PageTabDocument? document = null;
        if (isObject) document = ReadDocument(ref json);
        else json.Skip();
        // Throws where anything follows.
        while (json.Read())
        {
        }
        return document;
    }

    private PageTabDocument? ReadDocument(ref Utf8JsonReader json)
    {
        string? accession = null;
        PageTabAttribute[] own = [];
        PageTabSection? section = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("accno"u8)) accession = texts.Read(ref json, "accno");
            else if (json.ValueTextEquals("attributes"u8)) own = ReadAttributes(ref json);
            else if (json.ValueTextEquals("section"u8))
            {
                json.Read();
                Findings.Place.Enter("section");
                section = json.TokenType == JsonTokenType.Null ? null : ReadSection(ref json);
                Findings.Place.Leave();
            }
            else Pass(ref json);
        }
        return isKept ? new(accession, own, section) : null;
    }

    private PageTabSection? ReadSection(ref Utf8JsonReader json)
    {
        if (!IsObject(ref json, "section")) return null;
        string? accession = null, type = null;
        PageTabAttribute[] own = [];
        var (ownFiles, ownLinks, children) = (Array.Empty<PageTabEntry<PageTabFile>>(), Array.Empty<PageTabEntry<PageTabLink>>(), Array.Empty<PageTabEntry<PageTabSection>>());
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("type"u8)) type = texts.Read(ref json, "type");
            else if (json.ValueTextEquals("accno"u8)) accession = texts.Read(ref json, "accno");
            else if (json.ValueTextEquals("attributes"u8)) own = ReadAttributes(ref json);
            else if (part is not null && (json.ValueTextEquals("files"u8) || (part.IsHead && (json.ValueTextEquals("links"u8) || json.ValueTextEquals("subsections"u8))))) Pass(ref json);
            else if (json.ValueTextEquals("files"u8)) ownFiles = ReadEntries(ref json, "files", files, ReadFile);
            else if (json.ValueTextEquals("links"u8)) ownLinks = ReadEntries(ref json, "links", links, ReadLink);
            else if (json.ValueTextEquals("subsections"u8)) children = ReadEntries(ref json, "subsections", sections, ReadSection);
            else Pass(ref json);
        }
        if (string.IsNullOrWhiteSpace(type))
            Findings.Error("section-type-missing", "The section has no 'type', such as Study, Author or Study Component.");
        return isKept ? new(accession, type ?? "", own, ownFiles, ownLinks, children) : null;
    }

    private PageTabEntry<T>[] ReadEntries<T>(
        ref Utf8JsonReader json, string name, (PageTabPile<PageTabEntry<T>> Entries, PageTabPile<T> Rows) piles, One<T> readOne)
        where T : class
    {
        if (!Enter(ref json, name)) return [];
        var from = piles.Entries.Height;
        for (; json.Read() && json.TokenType != JsonTokenType.EndArray; Findings.Place.MoveOn())
        {
            if (json.TokenType == JsonTokenType.StartArray)
            {
                if (ReadTable(ref json, piles.Rows, readOne) is { Length: > 0 } rows) piles.Entries.Add(new(rows, true));
            }
            else if (readOne(ref json) is { } item) piles.Entries.Add(new([item], false));
        }
        Leave();
        return piles.Entries.Take(from);
    }

    private T[] ReadTable<T>(ref Utf8JsonReader json, PageTabPile<T> pile, One<T> readOne)
        where T : class
    {
        var (from, count) = (pile.Height, 0);
        Findings.Place.EnterElements();
        for (; json.Read() && json.TokenType != JsonTokenType.EndArray; Findings.Place.MoveOn(), count++)
            if (readOne(ref json) is { } row)
                pile.Add(row);
        Findings.Place.Leave();
        if (count > 0) return pile.Take(from);
        CountItem();
        Findings.Error("table-empty", "The table has no row.");
        return [];
    }

    private PageTabFile? ReadFile(ref Utf8JsonReader json)
    {
        if (!IsObject(ref json, "file")) return null;
        string? path = null, size = null, type = null;
        PageTabAttribute[] own = [];
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("path"u8)) path = texts.Read(ref json, "path");
            else if (json.ValueTextEquals("size"u8)) size = texts.Read(ref json, "size");
            else if (json.ValueTextEquals("type"u8)) type = texts.Read(ref json, "type");
            else if (json.ValueTextEquals("attributes"u8)) own = ReadAttributes(ref json);
            else Pass(ref json);
        }
        long? lengthBytes = null;
        if (size is not null)
        {
            if (long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var value)) lengthBytes = value;
            else Findings.Error("file-size-invalid", "The size is not a whole number of bytes.", "size");
        }
        if (string.IsNullOrEmpty(path)) Findings.Error("file-path-missing", "The file has no 'path'.");
        return !isKept || string.IsNullOrEmpty(path) ? null : new(path, lengthBytes, type ?? "file", own);
    }

    private PageTabLink? ReadLink(ref Utf8JsonReader json)
    {
        if (!IsObject(ref json, "link")) return null;
        string? url = null;
        PageTabAttribute[] own = [];
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("url"u8)) url = texts.Read(ref json, "url");
            else if (json.ValueTextEquals("attributes"u8)) own = ReadAttributes(ref json);
            else Pass(ref json);
        }
        if (string.IsNullOrWhiteSpace(url)) Findings.Error("link-url-missing", "The link has no 'url'.");
        return !isKept || string.IsNullOrWhiteSpace(url) ? null : new(url, own);
    }

    private PageTabAttribute[] ReadAttributes(ref Utf8JsonReader json)
    {
        if (!Enter(ref json, "attributes")) return [];
        var from = attributes.Height;
        for (; json.Read() && json.TokenType != JsonTokenType.EndArray; Findings.Place.MoveOn())
            if (ReadAttribute(ref json) is { } attribute)
                attributes.Add(attribute);
        Leave();
        return attributes.Take(from);
    }

    private PageTabAttribute? ReadAttribute(ref Utf8JsonReader json)
    {
        if (!IsObject(ref json, "attribute")) return null;
        string? name = null, value = null;
        bool isReference = false, wasReference = false;
        PageTabQualifier[] ofName = [], ofValue = [];
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("name"u8)) name = texts.Read(ref json, "name");
            else if (json.ValueTextEquals("value"u8)) value = texts.Read(ref json, "value");
            else if (json.ValueTextEquals("reference"u8)) isReference = IsTrue(ref json);
            else if (json.ValueTextEquals("isReference"u8)) wasReference = IsTrue(ref json);
            else if (json.ValueTextEquals("nmqual"u8)) ofName = ReadQualifiers(ref json, "nmqual");
            else if (json.ValueTextEquals("valqual"u8)) ofValue = ReadQualifiers(ref json, "valqual");
            else Pass(ref json);
        }
        if (string.IsNullOrWhiteSpace(name))
        {
            Findings.Error("attribute-name-blank", "The attribute has no name.");
            return null;
        }
        return isKept ? new(name, value, isReference || wasReference, ofName, ofValue) : null;
    }

    private PageTabQualifier[] ReadQualifiers(ref Utf8JsonReader json, string property)
    {
        if (!Enter(ref json, property)) return [];
        var from = qualifiers.Height;
        for (; json.Read() && json.TokenType != JsonTokenType.EndArray; Findings.Place.MoveOn())
        {
            if (!IsObject(ref json, "qualifier")) continue;
            string? name = null, value = null;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("name"u8)) name = texts.Read(ref json, "name");
                else if (json.ValueTextEquals("value"u8)) value = texts.Read(ref json, "value");
                else Pass(ref json);
            }
            if (string.IsNullOrWhiteSpace(name)) Findings.Error("attribute-name-blank", "The qualifier has no name.");
            else if (isKept) qualifiers.Add(new(name, value));
        }
        Leave();
        return qualifiers.Take(from);
    }

    private static bool IsTrue(ref Utf8JsonReader json)
    {
        json.Read();
        // The published examples of the old spelling have it as text.
        var isTrue = json.TokenType == JsonTokenType.True || (json.TokenType == JsonTokenType.String && json.ValueTextEquals("true"u8));
        json.Skip();
        return isTrue;
    }

    // To the array of a property; false when there is none.
    private bool Enter(ref Utf8JsonReader json, string name)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null) return false;
        if (json.TokenType != JsonTokenType.StartArray)
        {
            Findings.Error("page-tab-type", $"'{name}' must be an array.", name);
            json.Skip();
            return false;
        }
        Findings.Place.Enter(name);
        Findings.Place.EnterElements();
        return true;
    }

    private void Leave()
    {
        Findings.Place.Leave();
        Findings.Place.Leave();
    }

    private void Pass(ref Utf8JsonReader json)
    {
        var from = json.BytesConsumed;
        json.Skip();
        passedBytes += json.BytesConsumed - from;
    }

    private bool IsObject(ref Utf8JsonReader json, string noun)
    {
        CountItem();
        if (part is not null && json.TokenStartIndex - passedBytes > part.MaxBytes)
        {
            isFull = true;
            json.Skip();
            return false;
        }
        if (json.TokenType == JsonTokenType.StartObject) return true;
        Findings.Error("page-tab-type", $"A {noun} must be a JSON object.");
        json.Skip();
        return false;
    }

    private void CountItem()
    {
        if (++items > maxItems) throw new OverfullException();
    }

    /// <summary>There are more items than are allowed.</summary>
    internal sealed class OverfullException : Exception;
}
