namespace Archive.Model.PageTab;

/// <summary>
/// The columns of a table: one for each attribute that its rows have, in an order that keeps each row's own. What no table can say (an
/// attribute without value beside one that is absent) makes it impossible; so does a table that would be mostly blank.
/// </summary>
internal sealed class PageTabTsvColumns
{
    private const int MaxCells = 1000;
    private const int FreeCells = 10_000;
    private const int MaxBlanksForEach = 4;

    private readonly List<Column> columns = [];
    private int width;
    private long attributes;

    private PageTabTsvColumns()
    {
    }

    /// <summary>The columns of rows; null where they cannot be a table.</summary>
    public static PageTabTsvColumns? Of<T>(IReadOnlyList<T> rows, Func<T, IReadOnlyList<PageTabAttribute>> attributesOf)
    {
        var table = new PageTabTsvColumns();
        for (var i = 0; i < rows.Count; i++)
        {
            if (!table.Fit(attributesOf(rows[i]))) return null;
            if (table.width > MaxCells || (long)table.width * (i + 1) > (MaxBlanksForEach * table.attributes) + FreeCells) return null;
        }
        return table;
    }

    /// <summary>Writes the names of the columns, each after a tab.</summary>
    public void WriteHeader(PageTabTsvTarget target)
    {
        foreach (var column in columns)
        {
            target.NextCell(PageTabTsvNames.Write(column.Reference ? PageTabNameKind.Reference : PageTabNameKind.Attribute, column.Name));
            foreach (var name in column.NameQualifiers) target.NextCell(PageTabTsvNames.Write(PageTabNameKind.NameQualifier, name));
            foreach (var name in column.ValueQualifiers) target.NextCell(PageTabTsvNames.Write(PageTabNameKind.ValueQualifier, name));
        }
    }

    /// <summary>Writes the cells of a row, each after a tab, up to the last that holds something.</summary>
    public void WriteRow(PageTabTsvTarget target, IReadOnlyList<PageTabAttribute> row)
    {
        var at = 0;
        foreach (var attribute in row)
        {
            for (; !columns[at].Takes(attribute); at++) target.NextBlanks(columns[at].Width);
            var column = columns[at++];
            target.NextCell(attribute.Value);
            Write(attribute.NameQualifiers, column.NameQualifiers);
            Write(attribute.ValueQualifiers, column.ValueQualifiers);
        }

        void Write(IReadOnlyList<PageTabQualifier> own, string[] names)
        {
            if (own.Count == 0) target.NextBlanks(names.Length);
            foreach (var qualifier in own) target.NextCell(qualifier.Value);
        }
    }

    private bool Fit(IReadOnlyList<PageTabAttribute> row)
    {
        var at = 0;
        foreach (var attribute in row)
        {
            if (attribute.Value is null || attribute.NameQualifiers.Any(q => q.Value is null) || attribute.ValueQualifiers.Any(q => q.Value is null)) return false;
            attributes += 1 + attribute.NameQualifiers.Count + attribute.ValueQualifiers.Count;
            var found = columns.FindIndex(at, c => c.Takes(attribute));
            if (found < 0 && columns.FindIndex(at, c => c.CanTake(attribute)) is >= 0 and var plain)
            {
                // A column without qualifiers gets them: rows that have none leave their cells blank.
                columns[plain] = Column.Of(attribute);
                width += columns[plain].Width - 1;
                found = plain;
            }
            if (found < 0)
            {
                columns.Insert(found = at, Column.Of(attribute));
                width += columns[at].Width;
            }
            at = found + 1;
        }
        return true;
    }

    private sealed record Column(string Name, bool Reference, string[] NameQualifiers, string[] ValueQualifiers)
    {
        public int Width => 1 + NameQualifiers.Length + ValueQualifiers.Length;

        public static Column Of(PageTabAttribute attribute) => new(
            attribute.Name, attribute.Reference, Names(attribute.NameQualifiers), Names(attribute.ValueQualifiers));

        public bool Takes(PageTabAttribute attribute) => Named(attribute)
            && ((attribute.NameQualifiers.Count == 0 && attribute.ValueQualifiers.Count == 0)
                || (Same(attribute.NameQualifiers, NameQualifiers) && Same(attribute.ValueQualifiers, ValueQualifiers)));

        public bool CanTake(PageTabAttribute attribute) => Width == 1 && Named(attribute);

        private static string[] Names(IReadOnlyList<PageTabQualifier> qualifiers) => qualifiers.Count == 0 ? [] : [.. qualifiers.Select(q => q.Name)];

        private static bool Same(IReadOnlyList<PageTabQualifier> own, string[] names)
        {
            if (own.Count != names.Length) return false;
            for (var i = 0; i < names.Length; i++)
                if (own[i].Name != names[i])
                    return false;
            return true;
        }

        private bool Named(PageTabAttribute attribute) => Reference == attribute.Reference && Name == attribute.Name;
    }
}
