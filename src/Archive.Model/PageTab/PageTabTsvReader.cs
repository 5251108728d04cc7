using System.Globalization;
using Archive.Model.Submissions;

namespace Archive.Model.PageTab;

/// <summary>
/// Builds the tree from rows. Blocks end at blank rows: the submission, the root section, then sections, files, links and tables of them.
/// Collects findings instead of stopping.
/// </summary>
/// <param name="limits">How much is read.</param>
/// <param name="noun">What a row is called in findings: <c>line</c> or <c>row</c>.</param>
internal sealed partial class PageTabTsvReader(PageTabLimits limits, string noun)
{
    // Type, accession and parent.
    private const int MaxHeader = 3;

    private readonly FindingList findings = new();
    private readonly PageTabTsvTree tree = new();
    private readonly PageTabTsvAttributes lines = new();
    private readonly Dictionary<string, (string Text, PageTabRow Row)> properties = new(StringComparer.Ordinal);
    private readonly HashSet<string> missingParents = new(StringComparer.Ordinal);
    private PageTabAttribute[]? submission;
    private string? accession;
    private Action? endBlock;
    private PageTabTsvTable? table;
    private PageTabRow header;
    private int items;
    private bool isAnyBlock;
    private bool isNoPageTab;

    /// <summary>Adds an error of a row.</summary>
    public void Error(string code, PageTabRow row, string message) => Error(code, row.First, row.Last, message);

    /// <summary>Adds an error of rows.</summary>
    public void Error(string code, long first, long last, string message)
    {
        if (!findings.TryOmitError()) findings.Error(code, Place(first, last), message);
    }

    /// <summary>Counts something that is kept.</summary>
    /// <exception cref="PageTabOverfullException">It is one too many.</exception>
    public void CountItem()
    {
        if (++items > limits.MaxItems) throw new PageTabOverfullException();
    }

    /// <summary>Takes the next row.</summary>
    /// <exception cref="PageTabOverfullException">There are more items than are allowed.</exception>
    /// <exception cref="PageTabTooDeepException">Sections stand too deep.</exception>
    public void Add(PageTabRow row)
    {
        if (row.IsComment || isNoPageTab) return;
        if (row.IsBlank)
        {
            EndBlock();
            return;
        }
        CountItem();
        if (!IsSound(row)) return;
        if (endBlock is null) BeginBlock(row);
        else if (table is not null) table.Add(row);
        else AddLine(row);
    }

    /// <summary>The document, when every row was taken.</summary>
    public PageTabReading Finish()
    {
        EndBlock();
        if (!isAnyBlock) Error("submission-missing", 1, 1, "The document has nothing in it. Begin it with a line 'Submission', then its attributes.");
        var document = new PageTabDocument(accession, submission ?? [], tree.Root?.ToSection());
        if (PageTabDepth.TooDeep(document) is { } place) throw new PageTabTooDeepException(place);
        return new(document, PageTabFault.None, findings.ToReport());
    }

    /// <summary>What came of it when nothing more could be read.</summary>
    public PageTabReading Refuse(PageTabFault fault, string code, string place, string message)
    {
        findings.Error(code, place, message);
        return new(null, fault, findings.ToReport());
    }

    /// <summary>Where rows stand.</summary>
    public string Place(long first, long last) => first == last
        ? string.Create(CultureInfo.InvariantCulture, $"{noun} {first}")
        : string.Create(CultureInfo.InvariantCulture, $"{noun}s {first}-{last}");

    private bool IsSound(PageTabRow row)
    {
        foreach (var cell in row.Cells)
        {
            if (!cell.Text.Contains('\0', StringComparison.Ordinal)) continue;
            Error("text-invalid", row, "The text has a NUL character. Save the file as plain text, UTF-8.");
            break;
        }
        if (row.Count <= PageTabLimits.MaxCells) return true;
        Error("row-too-wide", row, $"The row has {row.Count} cells; a row may have {PageTabLimits.MaxCells}.");
        return false;
    }

    private void EndBlock()
    {
        endBlock?.Invoke();
        endBlock = null;
    }

    private void ExpectWidth(PageTabRow row, int width, string what)
    {
        if (row.Count > width) Error("row-too-wide", row, $"The first line of this block has {row.Count} cells; it takes {width}: the word and {what}. Attributes stand in lines below it.");
    }

    private static PageTabCell Cell(PageTabRow row, int column) => column < row.Cells.Count ? row.Cells[column] : new("");

    /// <summary>A text of the depositor's for a message.</summary>
    internal static string Short(string text) => text.Length <= 100 ? text : text[..100] + "…";
}
