namespace Archive.Model.PageTab;

/// <summary>Which part of a page tab is read. Files that sections name are never part of it.</summary>
/// <param name="MaxBytes">
/// Attributes, links and sections that begin after so many bytes of the text are passed over, files and unknown properties not counted.
/// </param>
/// <param name="MaxTextBytes">A longer text is left out, as if it were absent.</param>
/// <param name="IsHead">Whether only the attributes of the submission and of its section are read, no link and nothing below.</param>
public sealed record PageTabPart(long MaxBytes, long MaxTextBytes, bool IsHead)
{
    /// <summary>Title, dates and whatever else stands at the top, whole.</summary>
    public static PageTabPart Head { get; } = new(long.MaxValue, long.MaxValue, IsHead: true);

    /// <summary>As much as a page shows: the whole of nearly every page tab, and some megabytes of memory of any.</summary>
    public static PageTabPart Page { get; } = new(256 << 10, 64 << 10, IsHead: false);
}

/// <summary>A part of a page tab.</summary>
/// <param name="Document">The tree.</param>
/// <param name="IsShortened">Whether a bound was met and something left out. Files do not count.</param>
public sealed record PageTabExcerpt(PageTabDocument Document, bool IsShortened);
