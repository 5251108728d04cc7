using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Archive.Indexer.Searching;
using Archive.Indexer.Tests.Support;
using Archive.Model.Datasets;
using Archive.Model.Files;
using Archive.Model.Search;

namespace Archive.Indexer.Tests.Oracle;

/// <summary>Compares exports, values and columns with what brute force finds.</summary>
internal static class FileAnswers
{
    public static void CompareExports(IndexUnderTest index, FileQuery query, List<string> hits, int step, string what)
    {
        var lines = Export(index, query, FileExportForm.JsonLines, step, out var total).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.AreEqual(hits.Count, total, what);
        var seen = new List<string>();
        foreach (var line in lines)
        {
            using var json = JsonDocument.Parse(line);
            var file = json.RootElement;
            var hit = new FileHit(
                Accession.Parse(file.GetProperty("accession").GetString()!, null), ArchivePath.Parse(file.GetProperty("path").GetString()!, null),
                file.GetProperty("lengthBytes").GetInt64(), file.GetProperty("format").GetString()!,
                [.. file.GetProperty("attributes").EnumerateArray().Select(a => new FileAttribute(a.GetProperty("name").GetString()!, a.GetProperty("value").GetString()!))]);
            OracleTests.CompareFile(index.Feed, hit, what);
            seen.Add($"{hit.Accession}/{hit.Path}");
        }
        CollectionAssert.AreEqual(hits, seen, $"{what} as lines");
        CompareCsv(index, query, hits, step, what);
    }

    public static void CompareValues(IndexUnderTest index, FileOracle oracle, FileQuery query, QueryTree? tree, string attribute, string containing, string what)
    {
        // A facet of any size, by count, has all that a list of values has, by value.
        var (_, facets) = oracle.Search(query with { Facets = [attribute], FacetSize = int.MaxValue, Filters = [.. query.Filters.Where(f => f.Name != attribute)] }, tree);
        var expected = facets[0].Values.Where(v => v.Value.Contains(containing, StringComparison.OrdinalIgnoreCase))
            .OrderBy(v => v.Value, Comparer<string>.Create(FileOracle.CompareValues)).Select(v => $"{v.Value}={v.Count}").ToList();
        var seen = new List<string>();
        for (string? cursor = null; ;)
        {
            var page = index.Search.SearchFileValues(new FileValuesQuery { Files = query, Attribute = attribute, Text = containing, Size = 3, Cursor = cursor }, default);
            Assert.AreEqual((expected.Count, facets[0].Missing), ((int)page.Total, page.Missing), what);
            seen.AddRange(page.Items.Select(v => $"{v.Value}={v.Count}"));
            cursor = page.Next;
            if (cursor is null) break;
        }
        CollectionAssert.AreEqual(expected, seen, $"{what} values of {attribute} with '{containing}'");
    }

    public static void CompareColumns(FakeFeed feed, FileQuery query, IReadOnlyList<FileColumn>? columns, string what)
    {
        if (query.Accession is not { } accession || columns is null) return;
        var files = feed[accession].Files;
        var expected = files.SelectMany(f => f.Attributes.Append(new FileAttribute("@format", f.Format)).Where(a => !string.IsNullOrWhiteSpace(a.Value)).Distinct().Select(a => (File: f, Attribute: a)))
            .GroupBy(x => x.Attribute.Name)
            .Select(g => $"{g.Key} {g.Select(x => x.Attribute.Value).Distinct().Count()} {files.Count - g.Select(x => x.File).Distinct().Count()}").Order().ToList();
        CollectionAssert.AreEqual(expected, columns.Where(c => c.DistinctValues > 0).Select(c => $"{c.Name} {c.DistinctValues} {c.Missing}").Order().ToList(), what);
    }

    private static void CompareCsv(IndexUnderTest index, FileQuery query, List<string> hits, int step, string what)
    {
        var rows = Cells(Export(index, query, FileExportForm.Csv, step, out _));
        CollectionAssert.AreEqual(hits, rows.Skip(1).Select(r => $"{r[0]}/{r[1]}").ToList(), $"{what} as CSV");
        foreach (var row in rows.Skip(1))
        {
            var file = index.Feed[Accession.Parse(row[0], null)].Files.Single(f => f.Path.Value == row[1]);
            Assert.AreEqual((file.LengthBytes.ToString(CultureInfo.InvariantCulture), file.Format), (row[2], row[3]), what);
            var expected = file.Attributes.Where(a => !string.IsNullOrWhiteSpace(a.Value)).Distinct().Select(a => $"{a.Name}={a.Value}").Order().ToList();
            var actual = rows[0].Zip(row).Skip(4).Where(c => c.Second.Length > 0).SelectMany(c => c.Second.Split("; ").Select(v => $"{c.First}={v}")).Order().ToList();
            CollectionAssert.AreEqual(expected, actual, what);
        }
    }

    private static string Export(IndexUnderTest index, FileQuery query, FileExportForm form, int step, out long total)
    {
        var written = new ArrayBufferWriter<byte>();
        using var export = index.Search.ExportFiles(query, form, default);
        total = export.Total;
        while (export.Write(written, step, default))
        {
        }
        return Encoding.UTF8.GetString(written.WrittenSpan);
    }

    // Reads RFC 4180, one character after the other.
    private static List<List<string>> Cells(string text)
    {
        var rows = new List<List<string>> { new() };
        var cell = new StringBuilder();
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (isQuoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"') cell.Append(text[++i]);
            else if (c == '"') isQuoted = !isQuoted;
            else if (isQuoted || c is not (',' or '\r' or '\n')) cell.Append(c);
            else if (c != '\n')
            {
                rows[^1].Add(cell.ToString());
                cell.Clear();
            }
            else rows.Add([]);
        }
        rows.RemoveAt(rows.Count - 1);
        return rows;
    }
}
