using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Archive.Model.Datasets;

namespace Archive.Indexer.Searching;

/// <summary>
/// A document a line: <c>{"accession", "path", "lengthBytes", "format", "attributes": [{"name", "value"}]}</c>, the fields of a file in
/// answers to searches but for its digests, which the index does not have.
/// </summary>
internal sealed class JsonLines : FileLineWriter
{
    private static readonly JavaScriptEncoder Escapes = JavaScriptEncoder.Default;

    private Accession? accession;
    private byte[] head = [];

    protected override void WriteLine(FileHits hits, int row)
    {
        var reader = hits.Reader;
        if (accession != reader.Accession)
        {
            accession = reader.Accession;
            head = Encoding.UTF8.GetBytes($"{{\"accession\":\"{JsonEncodedText.Encode(accession.ToString()!)}\",\"path\":\"");
        }
        Add(head);
        var path = reader.Path;
        if (Escapes.FindFirstCharacterToEncodeUtf8(path) < 0) Add(path);
        else Add(JsonEncodedText.Encode(path).EncodedUtf8Bytes);
        Add("\",\"lengthBytes\":"u8);
        Add(reader.Size(row));
        Add(",\"format\":"u8);
        var format = Cell(hits, 0, row);
        if (format.IsEmpty) Add("\"\""u8);
        else Add(format);
        Add(",\"attributes\":["u8);
        var isFirst = true;
        for (var column = 1; column < reader.Names.Count; column++)
        {
            var cell = Cell(hits, column, row);
            if (cell.IsEmpty) continue;
            if (!isFirst) Add(","u8);
            isFirst = false;
            Add(cell);
        }
        Add("]}\n"u8);
    }

    protected override byte[] Encode(FileHits hits, int column, int ordinal)
    {
        ref var reader = ref hits.Reader.Column(column);
        if (column == 0) return Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(reader.Value(reader.First(ordinal)))}\"");
        var name = JsonEncodedText.Encode(hits.Reader.Names[column]);
        var text = new StringBuilder();
        foreach (var value in reader.Values(ordinal))
        {
            if (text.Length > 0) text.Append(',');
            text.Append("{\"name\":\"").Append(name).Append("\",\"value\":\"").Append(JsonEncodedText.Encode(value)).Append("\"}");
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
