using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Archive.Model.Files;
using Archive.Model.Submissions;

namespace Archive.Submissions.FileLists;

/// <summary>Reads the JSON form element by element: only one element is ever held.</summary>
internal static class JsonFileList
{
    private const int MaxDepth = 16;

    /// <summary>See <see cref="FileListReader.ReadAsync"/>.</summary>
    public static async IAsyncEnumerable<FileListRow> ReadAsync(
        Stream content, FileListForm form, FileListLimits limits, FindingList findings, [EnumeratorCancellation] CancellationToken ct)
    {
        var elements = new Elements(content, limits.MaxRowChars);
        while (true)
        {
            JsonDocument? element;
            try
            {
                element = await elements.NextAsync(ct);
            }
            catch (JsonException e)
            {
                findings.Error("file-list-not-json", form.Place(elements.Number + 1), $"The file list is not JSON from {Position(e)} on: {Reason(e)}");
                yield break;
            }
            if (element is null) yield break;
            using (element)
                if (ReadRow(element.RootElement, elements.Number, form, limits, findings) is { } row)
                    yield return row;
        }
    }

    private static string Position(JsonException e) =>
        e.LineNumber is { } line ? $"line {line + 1}, byte {e.BytePositionInLine + 1}" : "here";

    private static string Reason(JsonException e)
    {
        var end = e.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[..end];
    }

    private static FileListRow? ReadRow(JsonElement json, long number, FileListForm form, FileListLimits limits, FindingList findings)
    {
        var place = form.Place(number);
        try
        {
            if (json.ValueKind != JsonValueKind.Object || Text(json, form.Key) is not { Length: > 0 } path)
            {
                findings.Error("file-list-row", place, $"The element is no object with a '{form.Key}'.");
                return null;
            }
            long? declared = null;
            if (!form.IsOfLinks && Text(json, "size") is { } size)
            {
                if (long.TryParse(size, NumberStyles.None, null, out var value)) declared = value;
                else findings.Error("file-size-invalid", place, "The size is not a whole number of bytes.");
            }
            return new(number, path, declared, ReadAttributes(json, number, form, limits, findings));
        }
        catch (InvalidOperationException)
        {
            findings.Error("text-invalid", place, "A text of the element is not valid Unicode.");
            return null;
        }
    }

    private static List<FileAttribute> ReadAttributes(JsonElement json, long number, FileListForm form, FileListLimits limits, FindingList findings)
    {
        var place = form.Place(number);
        var attributes = new List<FileAttribute>();
        if (!json.TryGetProperty("attributes", out var array) || array.ValueKind != JsonValueKind.Array) return attributes;
        if (array.GetArrayLength() > limits.MaxColumns)
        {
            findings.Error("file-list-columns", place, $"The element has more than {limits.MaxColumns} attributes.");
            return attributes;
        }
        foreach (var attribute in array.EnumerateArray())
        {
            var name = attribute.ValueKind == JsonValueKind.Object ? Text(attribute, "name")?.Trim() : null;
            if (string.IsNullOrEmpty(name)) findings.Error("attribute-name-blank", place, "An attribute has no name.");
            else if (!TryAddValues(attribute, name, form, limits.MaxValues, attributes, place, findings)) break;
        }
        if (form.Tally is not { } tally) return attributes;
        foreach (var attribute in attributes) tally.ColumnOf(attribute.Name).Add(attribute.Value, number);
        attributes.Clear();
        return attributes;
    }

    // A value may be an array of values. False when there are too many.
    private static bool TryAddValues(JsonElement attribute, string name, FileListForm form, int maxValues, List<FileAttribute> attributes, string place, FindingList findings)
    {
        var many = attribute.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.Array;
        foreach (var text in many ? value.EnumerateArray().Select(Text) : [Text(attribute, "value")])
        {
            if (text is null) continue;
            if (text.Contains('\0', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal))
            {
                findings.Error("text-invalid", place, "An attribute has a NUL character.");
                continue;
            }
            foreach (var one in new CellValues(text, form.Separator))
            {
                if (attributes.Count == maxValues)
                {
                    findings.Error("file-list-values", place, $"The element has more than {maxValues} values.");
                    return false;
                }
                attributes.Add(new(name, new string(one)));
            }
        }
        return true;
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? Text(value) : null;

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => null,
    };

    /// <summary>Cuts the elements out of one array, with a buffer that grows up to the bound of one element.</summary>
    private sealed class Elements(Stream content, int maxBytes)
    {
        private byte[] buffer = new byte[64 * 1024];
        private int start;
        private int end;
        private bool isAtEnd;
        private JsonReaderState state = new(new() { MaxDepth = MaxDepth });
        private bool isInside;
        private bool isClosed;

        public long Number { get; private set; }

        public async Task<JsonDocument?> NextAsync(CancellationToken ct)
        {
            while (true)
            {
                if (TryCut(out var element, out var isOver))
                {
                    Number++;
                    return element;
                }
                if (isOver) return null;
                await FillAsync(ct);
            }
        }

        private bool TryCut(out JsonDocument? element, out bool isOver)
        {
            element = null;
            isOver = false;
            var reader = new Utf8JsonReader(buffer.AsSpan(start, end - start), isAtEnd, state);
            if (isClosed)
            {
                // Throws when anything but white space follows the array.
                reader.Read();
                Advance(ref reader);
                isOver = isAtEnd;
                return false;
            }
            if (!isInside)
            {
                if (start == 0 && end >= 3 && buffer.AsSpan().StartsWith("\uFEFF"u8))
                {
                    start = 3;
                    reader = new Utf8JsonReader(buffer.AsSpan(start, end - start), isAtEnd, state);
                }
                if (!reader.Read()) return false;
                if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("A file list is an array of files.");
                isInside = true;
                Advance(ref reader);
                reader = new Utf8JsonReader(buffer.AsSpan(start, end - start), isAtEnd, state);
            }
            if (!reader.Read()) return isAtEnd && !isOver ? throw new JsonException("The text ends within the array.") : false;
            if (reader.TokenType == JsonTokenType.EndArray)
            {
                Advance(ref reader);
                isClosed = true;
                return TryCut(out element, out isOver);
            }
            if (!JsonDocument.TryParseValue(ref reader, out element)) return false;
            Advance(ref reader);
            return true;
        }

        private void Advance(ref Utf8JsonReader reader)
        {
            start += (int)reader.BytesConsumed;
            state = reader.CurrentState;
        }

        private async Task FillAsync(CancellationToken ct)
        {
            if (isAtEnd) throw new JsonException("The text ends within the array.");
            if (start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                end -= start;
                start = 0;
            }
            if (end == buffer.Length)
            {
                if (buffer.Length >= maxBytes) throw new JsonException($"An element is longer than {maxBytes} bytes.");
                Array.Resize(ref buffer, Math.Min(maxBytes, buffer.Length * 2));
            }
            var read = await content.ReadAsync(buffer.AsMemory(end), ct);
            end += read;
            isAtEnd = read == 0;
        }
    }
}
