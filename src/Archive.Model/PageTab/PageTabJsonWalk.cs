using System.Globalization;
using System.Text.Json;
using Archive.Model.Submissions;

namespace Archive.Model.PageTab;

/// <summary>Walks parsed JSON, whose depth the parser has bounded, and builds the tree; collects findings instead of stopping.</summary>
internal sealed class PageTabJsonWalk(int maxItems)
{
    private int items;

    /// <summary>Everything found.</summary>
    public FindingList Findings { get; } = new();

    /// <summary>Whether the document has more items than are allowed; the tree is then incomplete.</summary>
    public bool IsOverfull => items > maxItems;

    /// <summary>Reads the root object.</summary>
    public PageTabDocument ReadDocument(JsonElement root) => new(
        ReadText(root, "accno", "$"),
        ReadAttributes(root, "$"),
        root.TryGetProperty("section", out var section) && section.ValueKind != JsonValueKind.Null ? ReadSection(section, "$.section") : null);

    private PageTabSection? ReadSection(JsonElement json, string place)
    {
        if (!IsObject(json, place, "section")) return null;
        var type = ReadText(json, "type", place);
        if (string.IsNullOrWhiteSpace(type))
            Findings.Error("section-type-missing", place, "The section has no 'type', such as Study, Author or Study Component.");
        return new(
            ReadText(json, "accno", place),
            type ?? "",
            ReadAttributes(json, place),
            ReadEntries(json, "files", place, ReadFile),
            ReadEntries(json, "links", place, ReadLink),
            ReadEntries(json, "subsections", place, ReadSection));
    }

    private List<PageTabEntry<T>> ReadEntries<T>(JsonElement owner, string name, string place, Func<JsonElement, string, T?> readOne)
        where T : class
    {
        var entries = new List<PageTabEntry<T>>();
        foreach (var (json, at) in Elements(owner, name, place))
        {
            if (json.ValueKind != JsonValueKind.Array)
            {
                if (readOne(json, at) is { } item) entries.Add(new([item], false));
                continue;
            }
            if (json.GetArrayLength() == 0) Findings.Error("table-empty", at, "The table has no row.");
            var rows = new List<T>();
            var index = 0;
            foreach (var row in json.EnumerateArray())
            {
                if (IsOverfull) break;
                if (readOne(row, $"{at}[{index++}]") is { } item) rows.Add(item);
            }
            if (rows.Count > 0) entries.Add(new(rows, true));
        }
        return entries;
    }

    private PageTabFile? ReadFile(JsonElement json, string place)
    {
        if (!IsObject(json, place, "file")) return null;
        var path = ReadText(json, "path", place);
        if (string.IsNullOrEmpty(path)) Findings.Error("file-path-missing", place, "The file has no 'path'.");
        var attributes = ReadAttributes(json, place);
        var size = ReadText(json, "size", place);
        long? lengthBytes = null;
        if (size is not null)
        {
            if (long.TryParse(size, NumberStyles.None, null, out var value)) lengthBytes = value;
            else Findings.Error("file-size-invalid", place + ".size", "The size is not a whole number of bytes.");
        }
        return string.IsNullOrEmpty(path) ? null : new(path, lengthBytes, ReadText(json, "type", place) ?? "file", attributes);
    }

    private PageTabLink? ReadLink(JsonElement json, string place)
    {
        if (!IsObject(json, place, "link")) return null;
        var url = ReadText(json, "url", place);
        if (string.IsNullOrWhiteSpace(url)) Findings.Error("link-url-missing", place, "The link has no 'url'.");
        var attributes = ReadAttributes(json, place);
        return string.IsNullOrWhiteSpace(url) ? null : new(url, attributes);
    }

    private PageTabAttribute[] ReadAttributes(JsonElement owner, string place)
    {
        List<PageTabAttribute>? list = null;
        foreach (var (json, at) in Elements(owner, "attributes", place))
        {
            if (!IsObject(json, at, "attribute")) continue;
            var name = ReadText(json, "name", at);
            if (string.IsNullOrWhiteSpace(name))
            {
                Findings.Error("attribute-name-blank", at, "The attribute has no name.");
                continue;
            }
            (list ??= []).Add(new(name, ReadText(json, "value", at), IsReference(json), ReadQualifiers(json, "nmqual", at), ReadQualifiers(json, "valqual", at)));
        }
        return list?.ToArray() ?? [];
    }

    private PageTabQualifier[] ReadQualifiers(JsonElement owner, string property, string place)
    {
        List<PageTabQualifier>? list = null;
        foreach (var (json, at) in Elements(owner, property, place))
        {
            if (!IsObject(json, at, "qualifier")) continue;
            var name = ReadText(json, "name", at);
            if (string.IsNullOrWhiteSpace(name)) Findings.Error("attribute-name-blank", at, "The qualifier has no name.");
            else (list ??= []).Add(new(name, ReadText(json, "value", at)));
        }
        return list?.ToArray() ?? [];
    }

    private IEnumerable<(JsonElement Json, string Place)> Elements(JsonElement owner, string name, string place)
    {
        if (!owner.TryGetProperty(name, out var array) || array.ValueKind == JsonValueKind.Null) yield break;
        if (array.ValueKind != JsonValueKind.Array)
        {
            Findings.Error("page-tab-type", $"{place}.{name}", $"'{name}' must be an array.");
            yield break;
        }
        var index = 0;
        foreach (var json in array.EnumerateArray())
        {
            if (IsOverfull) yield break;
            yield return (json, $"{place}.{name}[{index++}]");
        }
    }

    private bool IsObject(JsonElement json, string place, string noun)
    {
        items++;
        if (json.ValueKind == JsonValueKind.Object) return true;
        Findings.Error("page-tab-type", place, $"A {noun} must be a JSON object.");
        return false;
    }

    // Numbers and booleans stand where real documents mean text.
    private string? ReadText(JsonElement owner, string name, string place)
    {
        if (!owner.TryGetProperty(name, out var json)) return null;
        switch (json.ValueKind)
        {
            case JsonValueKind.Null:
                return null;
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                return json.GetRawText();
            case JsonValueKind.String:
                return ReadString(json, $"{place}.{name}");
            default:
                Findings.Error("page-tab-type", $"{place}.{name}", $"'{name}' must be text.");
                return null;
        }
    }

    private string? ReadString(JsonElement json, string place)
    {
        try
        {
            var text = json.GetString()!;
            if (!text.Contains('\0', StringComparison.Ordinal)) return text;
            Findings.Error("text-invalid", place, "The text has a NUL character.");
        }
        catch (InvalidOperationException)
        {
            Findings.Error("text-invalid", place, "The text is not valid Unicode.");
        }
        return null;
    }

    private static bool IsReference(JsonElement json) =>
        (json.TryGetProperty("reference", out var now) && now.ValueKind == JsonValueKind.True)
        || (json.TryGetProperty("isReference", out var old) && old.ValueKind == JsonValueKind.True);
}
