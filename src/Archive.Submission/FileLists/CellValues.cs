namespace Archive.Submissions.FileLists;

/// <summary>The values of one cell in order: trimmed, without blank ones; one where there is no separator.</summary>
internal ref struct CellValues(ReadOnlySpan<char> cell, string? separator)
{
    private ReadOnlySpan<char> rest = cell;
    private bool isOver;

    /// <summary>The value at hand.</summary>
    public ReadOnlySpan<char> Current { get; private set; }

    /// <summary>Itself.</summary>
    public readonly CellValues GetEnumerator() => this;

    /// <summary>Goes on to the next value that is not blank.</summary>
    public bool MoveNext()
    {
        while (!isOver)
        {
            var end = separator is null ? -1 : rest.IndexOf(separator);
            isOver = end < 0;
            Current = (isOver ? rest : rest[..end]).Trim();
            if (!isOver) rest = rest[(end + separator!.Length)..];
            if (!Current.IsEmpty) return true;
        }
        return false;
    }
}
