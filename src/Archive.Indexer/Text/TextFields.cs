namespace Archive.Indexer.Text;

/// <summary>A field that keywords are looked for in.</summary>
/// <param name="Name">As a query writes it before a colon.</param>
/// <param name="Weight">How much a word in it counts.</param>
/// <param name="Aliases">Other names for it.</param>
internal sealed record TextField(string Name, int Weight, params string[] Aliases)
{
    /// <summary>Words of prose that is neither short nor long, so that a word in it counts the weight; 0 for names, which count the same however many they are.</summary>
    public int UsualWords { get; init; }
}

/// <summary>The text fields of a dataset. Their order is part of the format: a position is field number × 2^20 + word number.</summary>
internal static class TextFields
{
    /// <summary>Bits of a position that number the word; further words of a field are not indexed.</summary>
    public const int PositionBits = 20;

    /// <summary>Field that unknown ones count as.</summary>
    public const string Content = "content";

    /// <summary>Words between two pieces of one field, so that no phrase, however loose, spans them.</summary>
    public const int PieceGap = MaxSlop + 14;

    /// <summary>The most that the words of a near phrase may be moved.</summary>
    public const int MaxSlop = 50;

    public static IReadOnlyList<TextField> All { get; } =
    [
        new("accession", 8), new("title", 5), new("keyword", 4, "keywords"), new("description", 3, "abstract") { UsualWords = 150 },
        new("organism", 4, "species"), new("method", 4, "imaging"), new("author", 5, "authors", "people"), new(Content, 1, "text") { UsualWords = 200 },
    ];

    /// <summary>The number of a field by name or alias, without regard to case; -1 when there is none.</summary>
    public static int Find(string name)
    {
        for (var i = 0; i < All.Count; i++)
            if (Is(All[i].Name, name) || Array.Exists(All[i].Aliases, a => Is(a, name)))
                return i;
        return -1;
    }

    private static bool Is(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
