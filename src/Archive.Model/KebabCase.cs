using System.Text.Json;
using System.Text.Json.Serialization;

namespace Archive.Model;

/// <summary>Names of choices as the API and stored documents have them: lower case with hyphens, such as <c>first-by-curator</c>.</summary>
public static class KebabCase
{
    /// <summary>The name of a choice.</summary>
    public static string Text<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>All names of a kind of choice, in their order.</summary>
    public static IReadOnlyList<string> All<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(Text)];

    /// <summary>The choice of a name; false when there is none. Case is passed over.</summary>
    public static bool TryParse<T>(string? text, out T value)
        where T : struct, Enum
    {
        foreach (var choice in Enum.GetValues<T>())
        {
            value = choice;
            if (string.Equals(Text(choice), text, StringComparison.OrdinalIgnoreCase)) return true;
        }
        value = default;
        return false;
    }
}

/// <summary>Writes choices by their <see cref="KebabCase"/> names in documents.</summary>
public sealed class KebabCaseJson<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
