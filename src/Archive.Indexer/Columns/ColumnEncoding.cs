namespace Archive.Indexer.Columns;

/// <summary>How a column keeps its ordinals. Ordinal 0 is "no value"; 1 … n are the sorted values; above them sets of several values.</summary>
internal enum ColumnEncoding : byte
{
    /// <summary>One ordinal for all rows.</summary>
    Constant,

    /// <summary>First rows of runs, then their ordinals (u32 each): what sorting by path makes of plates and wells.</summary>
    Runs,

    /// <summary>One byte a row, padded to 64 rows.</summary>
    Bytes,

    /// <summary>Two bytes a row, padded to 64 rows.</summary>
    Shorts,

    /// <summary>Four bytes a row, padded to 64 rows.</summary>
    Words,
}
