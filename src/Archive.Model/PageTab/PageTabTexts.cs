using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Archive.Model.PageTab;

/// <summary>Reads the texts of a document. Short ones that come again, as names and types do, are one string.</summary>
/// <param name="maxTextBytes">A longer text is left out.</param>
internal sealed class PageTabTexts(long maxTextBytes)
{
    private const int Slots = 1024;
    private const int LongestKnownBytes = 64;

    // The last one that fell on each slot: of what is repeated much, most stays.
    private readonly string?[] known = new string?[Slots];

    /// <summary>Where findings go.</summary>
    public PageTabFindings Findings { get; } = new();

    /// <summary>Whether a text was left out.</summary>
    public bool IsShortened { get; private set; }

    /// <summary>The text of the property that the reader stands at; null where it is absent or no text. Numbers and booleans stand where real documents mean text.</summary>
    public string? Read(ref Utf8JsonReader json, string name)
    {
        json.Read();
        switch (json.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                return json.HasValueSequence ? Encoding.UTF8.GetString(json.ValueSequence) : Encoding.UTF8.GetString(json.ValueSpan);
            case JsonTokenType.String:
                return ReadString(ref json, name);
            default:
                Findings.Error("page-tab-type", $"'{name}' must be text.", name);
                json.Skip();
                return null;
        }
    }

    private string? ReadString(ref Utf8JsonReader json, string name)
    {
        if ((json.HasValueSequence ? json.ValueSequence.Length : json.ValueSpan.Length) > maxTextBytes)
        {
            IsShortened = true;
            return null;
        }
        try
        {
            var text = Known(ref json);
            if (!text.Contains('\0', StringComparison.Ordinal)) return text;
            Findings.Error("text-invalid", "The text has a NUL character.", name);
        }
        catch (InvalidOperationException)
        {
            Findings.Error("text-invalid", "The text is not valid Unicode.", name);
        }
        return null;
    }

    private string Known(ref Utf8JsonReader json)
    {
        if (json.ValueIsEscaped || json.HasValueSequence || json.ValueSpan.Length > LongestKnownBytes) return json.GetString()!;
        var hash = default(HashCode);
        hash.AddBytes(json.ValueSpan);
        ref var slot = ref known[(uint)hash.ToHashCode() % Slots];
        if (slot is not null && json.ValueTextEquals(slot)) return slot;
        return slot = json.GetString()!;
    }
}
