namespace Archive.Submissions.Tables;

/// <summary>Reads a table row by row. Not thread-safe.</summary>
public abstract class TableReader : IDisposable
{
    /// <summary>Reads the next row into <paramref name="row"/>; false at the end. A row that cannot be read carries its fault.</summary>
    /// <exception cref="TableException">Nothing from here on can be read.</exception>
    public abstract ValueTask<bool> ReadAsync(TableRow row, CancellationToken ct);

    /// <inheritdoc/>
    public abstract void Dispose();
}
