namespace Archive.Model.PageTab;

/// <summary>A cell of a page tab that is a table.</summary>
/// <param name="Text">Without the quotes around it.</param>
/// <param name="IsQuoted">Whether it stood in quotes: then blanks at its ends belong to it, and an empty one is a text, not nothing.</param>
public readonly record struct PageTabCell(string Text, bool IsQuoted = false)
{
    /// <summary>Whether nothing stands there.</summary>
    public bool IsBlank => !IsQuoted && string.IsNullOrWhiteSpace(Text);

    /// <summary>The text of a cell that names something: null for nothing, without the blanks at its ends unless they are quoted.</summary>
    internal string? Name => IsBlank ? null : IsQuoted ? Text : Text.Trim();

    /// <summary>The text of a cell that holds a value: null for nothing, else as it stands.</summary>
    internal string? Value => IsBlank ? null : Text;
}

/// <summary>A row of a page tab that is a table: a line of TSV, or several where a cell spans them, or a row of a sheet.</summary>
/// <param name="First">Its first line or its row, from 1.</param>
/// <param name="Last">Its last line; the same for a row of a sheet.</param>
/// <param name="Cells">Without blank ones at the end, and at most <see cref="PageTabLimits.MaxCells"/>.</param>
/// <param name="Count">How many cells it has, blank ones at the end left out; more than <paramref name="Cells"/> holds where there are too many.</param>
/// <param name="IsComment">Whether the row begins with <c>#</c>.</param>
internal readonly record struct PageTabRow(long First, long Last, IReadOnlyList<PageTabCell> Cells, int Count, bool IsComment)
{
    /// <summary>Whether nothing stands in the row, which ends a block.</summary>
    public bool IsBlank => Cells.Count == 0;

    /// <summary>A row made of cells that were never quoted.</summary>
    public static PageTabRow Of(long number, IReadOnlyList<string> texts)
    {
        var count = texts.Count;
        while (count > 0 && string.IsNullOrWhiteSpace(texts[count - 1])) count--;
        var cells = new PageTabCell[Math.Min(count, PageTabLimits.MaxCells)];
        for (var i = 0; i < cells.Length; i++) cells[i] = new(texts[i]);
        return new(number, number, cells, count, cells.Length > 0 && cells[0].Text.StartsWith('#'));
    }
}
