using System.Runtime.InteropServices;
using Archive.Indexer.Columns;
using Archive.Indexer.Format;
using Archive.Indexer.Generations;

namespace Archive.Indexer.Building;

/// <summary>Packs small datasets that follow each other into tables, so that a search over all looks into few tables.</summary>
internal static class FileUnitsWriter
{
    /// <summary>Writes the packs; gives the tables that files are searched in.</summary>
    public static List<UnitRecord> Write(IndexFileWriter file, PackSizes sizes, ReadOnlySpan<DatasetRecord> records, List<Table> shelves)
    {
        var units = new List<UnitRecord>();
        var rows = new uint[shelves.Count];
        file.Begin(Sections.Packs);
        for (var dataset = 0; dataset < shelves.Count;)
        {
            var count = Count(sizes, shelves, dataset);
            var unit = new UnitRecord { FirstDataset = (uint)dataset, DatasetCount = (uint)count };
            if (count == 1)
            {
                unit.Offset = records[dataset].ShelfOffset;
                unit.Length = records[dataset].ShelfLength;
            }
            else
            {
                file.Align(IndexFile.Alignment);
                var pack = Pack(rows.AsSpan(dataset, count), shelves, dataset);
                unit.Offset = file.SectionPosition;
                unit.Length = (uint)pack.Length;
                file.Write(pack.Written);
            }
            units.Add(unit);
            dataset += count;
        }
        file.WriteSection(Sections.UnitRows, MemoryMarshal.AsBytes<uint>(rows));
        return units;
    }

    private static ByteBuffer Pack(Span<uint> rows, List<Table> shelves, int first)
    {
        var pack = new TableBuilder(withWords: true, ShelfBuilder.SizeNumber);
        pack.DeclareColumn(ShelfBuilder.FormatColumn);
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = (uint)pack.Rows;
            pack.AddTable(shelves[first + i]);
        }
        return pack.Finish();
    }

    // How many datasets from one on share a table.
    private static int Count(PackSizes sizes, List<Table> shelves, int first)
    {
        if (shelves[first].Rows >= sizes.SmallRows) return 1;
        var rows = 0L;
        var columns = new HashSet<string>(StringComparer.Ordinal);
        for (var dataset = first; dataset < shelves.Count; dataset++)
        {
            var shelf = shelves[dataset];
            rows += shelf.Rows;
            if (shelf.Rows >= sizes.SmallRows || rows > sizes.PackRows) return Math.Max(1, dataset - first);
            for (var column = 0; column < shelf.ColumnCount; column++) columns.Add(shelf.ColumnName(column));
            if (columns.Count > TableBuilder.MaxColumns) return Math.Max(1, dataset - first);
        }
        return shelves.Count - first;
    }
}
