namespace Archive.Model.PageTab;

/// <summary>The forms of a page tab. The first three are read and written and say the same; a workbook is only read.</summary>
public enum PageTabForm
{
    /// <summary>See <see cref="PageTabJson"/>.</summary>
    Json,

    /// <summary>See <see cref="PageTabTsv"/>.</summary>
    Tsv,

    /// <summary>See <see cref="PageTabXml"/>.</summary>
    Xml,

    /// <summary>The first sheet of a workbook, whose rows are read like lines of TSV.</summary>
    Xlsx,
}
