namespace Archive.Model.Rembi;

/// <summary>
/// Collects whom columns of file tables name, while the rows go by: who stands in such a column only is to be taken out of the others, too.
/// Each value counts once, and no more are kept than a document bears.
/// </summary>
public sealed class IdentifyingValues
{
    /// <summary>The most values.</summary>
    public const int Most = 1000;

    private const int MostLetters = 64 * 1024;

    // Names of columns come again with every row, and so do most values.
    private readonly Dictionary<string, bool> columns = new(StringComparer.Ordinal);
    private readonly HashSet<(string, string)> seen = [];
    private readonly List<IdentifyingText> found = [];
    private int letters;

    /// <summary>What was found, in the order in which it came.</summary>
    public IReadOnlyList<IdentifyingText> Found => found;

    /// <summary>Looks at a cell.</summary>
    /// <param name="column">The attribute's name.</param>
    /// <param name="value">Its value.</param>
    public void Add(string column, string value)
    {
        if (seen.Count >= Most || letters >= MostLetters) return;
        if (!columns.TryGetValue(column, out var isIdentifying))
        {
            isIdentifying = RedactionTerms.IsIdentifying(column);
            if (columns.Count < Most) columns[column] = isIdentifying;
        }
        if (!isIdentifying || !seen.Add((column, value))) return;
        foreach (var text in RedactionTerms.OfAttribute(column, value))
        {
            if (found.Count >= Most || letters >= MostLetters) return;
            found.Add(text);
            letters += text.Text.Length;
        }
    }
}
