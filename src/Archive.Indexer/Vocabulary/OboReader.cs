namespace Archive.Indexer.Vocabulary;

/// <summary>
/// Reads the terms of an ontology in the OBO flat file format 1.2 or 1.4: id, name, synonyms, is_a. Obsolete terms and everything
/// else are passed over; synonyms that are only related are no other names. Streamed: what is kept are names and the tree.
/// </summary>
internal static class OboReader
{
    public static void Read(TextReader reader, NameIndexBuilder builder)
    {
        var things = new Dictionary<string, int>(StringComparer.Ordinal);
        var parents = new List<(int Thing, string Parent)>();
        var term = new Stanza();
        var isTerm = false;
        foreach (var line in VocabularyFiles.Lines(reader))
        {
            if (line.StartsWith('['))
            {
                if (isTerm) Add(term, builder, things, parents);
                term = new Stanza();
                isTerm = line.StartsWith("[Term]", StringComparison.Ordinal);
            }
            else if (isTerm) Take(line, term);
        }
        if (isTerm) Add(term, builder, things, parents);
        foreach (var (thing, parent) in parents)
            if (things.TryGetValue(parent, out var broader) && broader != thing)
                builder.Relate(broader, thing);
    }

    private static void Take(string line, Stanza term)
    {
        var colon = line.IndexOf(": ", StringComparison.Ordinal);
        if (colon < 0) return;
        var value = line[(colon + 2)..];
        switch (line[..colon])
        {
            case "id":
                term.Id = value.Trim();
                break;
            case "name":
                term.Names.Insert(0, Unescape(value.Trim()));
                break;
            case "synonym" when term.Names.Count < NameIndexBuilder.MaxNames:
                var close = Close(value);
                if (close > 0 && !value[close..].Contains(" RELATED", StringComparison.Ordinal)) term.Names.Add(Unescape(value[1..close]));
                break;
            case "is_a":
                // "FBbi:00000243 ! fluorescence microscopy", or with {qualifiers}
                term.Parents.Add(value.Split(' ', 2)[0]);
                break;
            case "is_obsolete":
                term.IsObsolete = value.StartsWith("true", StringComparison.Ordinal);
                break;
            default:
                break;
        }
    }

    // The quote that ends a synonym, which begins with one; -1 when there is none.
    private static int Close(string value)
    {
        if (!value.StartsWith('"')) return -1;
        for (var i = 1; i < value.Length; i++)
        {
            if (value[i] == '\\') i++;
            else if (value[i] == '"') return i;
        }
        return -1;
    }

    private static string Unescape(string text) => text.Replace("\\", "", StringComparison.Ordinal);

    private static void Add(Stanza term, NameIndexBuilder builder, Dictionary<string, int> things, List<(int Thing, string Parent)> parents)
    {
        if (term.IsObsolete || term.Names.Count == 0) return;
        var thing = builder.Add(term.Names);
        if (thing < 0) return;
        if (term.Id.Length > 0) things.TryAdd(term.Id, thing);
        foreach (var parent in term.Parents) parents.Add((thing, parent));
    }

    private sealed class Stanza
    {
        public string Id { get; set; } = "";

        public List<string> Names { get; } = [];

        public List<string> Parents { get; } = [];

        public bool IsObsolete { get; set; }
    }
}
