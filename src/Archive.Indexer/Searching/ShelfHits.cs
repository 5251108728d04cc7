using System.Text;
using Archive.Indexer.Columns;
using Archive.Indexer.Format;
using Archive.Model.Datasets;
using Archive.Model.Files;
using Archive.Model.Search;

namespace Archive.Indexer.Searching;

/// <summary>The hits in one shelf.</summary>
internal sealed class ShelfHits
{
    public ShelfHits(int segment, int dataset, Accession accession, Selection selection)
    {
        Segment = segment;
        Dataset = dataset;
        Accession = accession;
        Selection = selection;
        _ = selection.All;
    }

    /// <summary>Where the shelf lies.</summary>
    public int Segment { get; }

    /// <summary>Its dataset in the segment.</summary>
    public int Dataset { get; }

    public Accession Accession { get; }

    public Selection Selection { get; }

    public Table Shelf => Selection.Table;

    /// <summary>Number of hits.</summary>
    public int Count => Selection.Hits;

    /// <summary>Rows that are hits.</summary>
    public ReadOnlySpan<ulong> Rows => Selection.All;

    /// <summary>The first row whose path comes after one; the number of rows when there is none.</summary>
    public int RowAfter(string path)
    {
        var key = Encoding.UTF8.GetBytes(path);
        var row = Shelf.Keys.LowerBound<ByteOrder>(key);
        return row < Shelf.Rows && Shelf.Keys[row] == path ? row + 1 : row;
    }

    /// <summary>A row as it is shown.</summary>
    public FileHit Show(int row)
    {
        var shelf = Shelf;
        var values = new List<string>();
        var attributes = new List<FileAttribute>();
        shelf.Column(0).AddValues(shelf.Column(0).Ordinal(row), values);
        var format = values.Count > 0 ? values[0] : "";
        for (var i = 1; i < shelf.ColumnCount; i++)
        {
            values.Clear();
            var column = shelf.Column(i);
            var ordinal = column.Ordinal(row);
            if (ordinal == 0) continue;
            column.AddValues(ordinal, values);
            var name = shelf.ColumnName(i);
            foreach (var value in values) attributes.Add(new FileAttribute(name, value));
        }
        return new FileHit(Accession, ArchivePath.FromStore(shelf.Keys[row]), shelf.Number(0)[row], format, attributes);
    }
}
