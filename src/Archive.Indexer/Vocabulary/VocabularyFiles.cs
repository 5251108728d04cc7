using System.Reflection;
using System.Text;

namespace Archive.Indexer.Vocabulary;

/// <summary>Reads the archive's own names and files of more.</summary>
internal static class VocabularyFiles
{
    private const string Own = "Archive.Indexer.Vocabulary.Names.tsv";

    // No line of an ontology is near this long.
    private const int MaxLine = 1 << 16;

    /// <summary>The archive's own names and those of files.</summary>
    /// <param name="paths">Files: OBO where they end in <c>.obo</c>, else lines of names as <see cref="ReadTable"/> takes.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static NameIndex Load(IEnumerable<string> paths)
    {
        var builder = new NameIndexBuilder();
        using (var own = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(Own)!, Encoding.UTF8)) ReadTable(own, builder);
        foreach (var path in paths)
        {
            using var reader = new StreamReader(path, Encoding.UTF8);
            if (path.EndsWith(".obo", StringComparison.OrdinalIgnoreCase)) OboReader.Read(reader, builder);
            else ReadTable(reader, builder);
        }
        return builder.Build();
    }

    /// <summary>
    /// Reads lines of name, tab, synonyms, tab, narrower names; several are separated by <c>|</c>. Blank lines and those that begin with
    /// <c>#</c> are passed over. A narrower name that has a line of its own, before or after, is that thing.
    /// </summary>
    public static void ReadTable(TextReader reader, NameIndexBuilder builder)
    {
        var things = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var narrower = new List<(int Thing, string Name)>();
        foreach (var line in Lines(reader))
        {
            if (string.IsNullOrWhiteSpace(line) || line[0] == '#') continue;
            var cells = line.Split('\t');
            var thing = builder.Add([cells[0].Trim(), .. Parts(cells, 1)]);
            if (thing < 0) continue;
            things.TryAdd(cells[0].Trim(), thing);
            foreach (var name in Parts(cells, 2)) narrower.Add((thing, name));
        }
        foreach (var (thing, name) in narrower)
        {
            if (!things.TryGetValue(name, out var other)) things[name] = other = builder.Add([name]);
            if (other >= 0 && other != thing) builder.Relate(thing, other);
        }
    }

    /// <summary>The lines of a text; of one that is longer than lines are, the beginning.</summary>
    public static IEnumerable<string> Lines(TextReader reader)
    {
        var line = new StringBuilder();
        var buffer = new char[1 << 14];
        for (int read; (read = reader.Read(buffer, 0, buffer.Length)) > 0;)
            for (var from = 0; from < read;)
            {
                var end = Array.IndexOf(buffer, '\n', from, read - from);
                var length = (end < 0 ? read : end) - from;
                line.Append(buffer, from, Math.Min(length, MaxLine - line.Length));
                from += length + 1;
                if (end < 0) break;
                yield return line.ToString().TrimEnd('\r');
                line.Clear();
            }
        if (line.Length > 0) yield return line.ToString();
    }

    private static string[] Parts(string[] cells, int cell) =>
        cells.Length <= cell ? [] : cells[cell].Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
