using System.Runtime.InteropServices;
using System.Text;
using Archive.Indexer.Format;
using Archive.Model.Search;

namespace Archive.Indexer.Text;

/// <summary>Collects the words of datasets with their places, and writes the sections that <see cref="TextIndex"/> reads.</summary>
internal sealed class TextIndexBuilder
{
    private readonly Dictionary<string, int> ids = new(StringComparer.Ordinal);
    private readonly List<Postings> postings = [];
    private readonly List<int> touched = [];
    private readonly List<byte> weights = [];
    private int documents;
    private readonly WordFormsBuilder forms = new();
    private readonly Tokenizer tokenizer = new();
    private readonly List<Token> tokens = [];

    /// <summary>Adds the next dataset.</summary>
    public void Add(IReadOnlyList<SearchText> texts)
    {
        Span<int> next = stackalloc int[TextFields.All.Count];
        Span<int> words = stackalloc int[TextFields.All.Count];
        next.Clear();
        words.Clear();
        // Positions must ascend within a term, so texts are taken field by field.
        foreach (var (field, text) in texts.Select(t => (Field: FieldOf(t.Field), t.Text)).OrderBy(t => t.Field))
        {
            tokens.Clear();
            tokenizer.Tokenize(text, tokens);
            var first = next[field];
            foreach (var token in tokens)
            {
                var word = first + token.Position;
                if (word >= 1 << TextFields.PositionBits) break;
                var id = Touch(token);
                postings[id].Positions.Add((uint)((field << TextFields.PositionBits) | word));
                forms.Touch(token.Word, id, field);
                if (!token.IsWhole) words[field]++;
                next[field] = word + 1 + TextFields.PieceGap;
            }
        }
        for (var field = 0; field < words.Length; field++) weights.Add(FieldWeights.Of(field, words[field]));
        var own = CollectionsMarshal.AsSpan(weights)[^words.Length..];
        foreach (var id in touched) postings[id].EndDocument(documents, own);
        forms.EndDocument(documents++);
        touched.Clear();
    }

    /// <summary>Writes the sections.</summary>
    public void WriteTo(IndexFileWriter file)
    {
        var sorted = ids.Select(x => (Word: Encoding.UTF8.GetBytes(x.Key), Id: x.Value)).ToArray();
        Array.Sort(sorted, (a, b) => a.Word.AsSpan().SequenceCompareTo(b.Word));
        var terms = new FrontCodedListWriter(shift: 4);
        var entries = new TermEntry[sorted.Length + 1];
        for (var i = 0; i < sorted.Length; i++)
        {
            terms.Add(sorted[i].Word);
            var list = postings[sorted[i].Id];
            entries[i].Documents = (uint)list.Count;
            entries[i + 1].PostingsOffset = entries[i].PostingsOffset + list.Documents.Length;
            entries[i + 1].FirstSkip = entries[i].FirstSkip + (uint)list.Skips.Count;
            entries[i + 1].PositionsOffset = entries[i].PositionsOffset + list.Places.Length;
        }
        var buffer = new ByteBuffer();
        terms.WriteTo(buffer);
        file.WriteSection(TextIndex.TermsSection, buffer.Written);
        file.WriteSection(TextIndex.EntriesSection, MemoryMarshal.AsBytes<TermEntry>(entries));
        file.Begin(TextIndex.PostingsSection);
        foreach (var (_, id) in sorted) file.Write(postings[id].Documents.Written);
        file.Begin(TextIndex.PositionsSection);
        foreach (var (_, id) in sorted) file.Write(postings[id].Places.Written);
        file.Begin(TextIndex.SkipsSection);
        foreach (var (_, id) in sorted) file.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(postings[id].Skips)));
        file.WriteSection(TextIndex.WeightsSection, CollectionsMarshal.AsSpan(weights));
        var numbers = new int[sorted.Length];
        for (var i = 0; i < sorted.Length; i++) numbers[sorted[i].Id] = i;
        forms.WriteTo(file, numbers);
    }

    private static int FieldOf(string name) => TextFields.Find(name) is >= 0 and var field ? field : TextFields.Find(TextFields.Content);

    // A word seen before has its term already: one look-up, not two.
    private int Touch(Token token)
    {
        var id = forms.FindTerm(token.Word);
        if (id < 0)
        {
            ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(ids, token.Term, out var exists);
            if (!exists)
            {
                known = postings.Count;
                postings.Add(new Postings());
            }
            id = known;
        }
        if (postings[id].Positions.Count == 0) touched.Add(id);
        return id;
    }

    private sealed class Postings
    {
        private int last = -1;

        public List<uint> Positions { get; } = [];

        public ByteBuffer Documents { get; } = new(8);

        public ByteBuffer Places { get; } = new(8);

        public int Count { get; private set; }

        public List<SkipEntry> Skips { get; } = [];

        public void EndDocument(int document, ReadOnlySpan<byte> weights)
        {
            uint frequency = 0, before = 0;
            Places.AddVarInt((uint)Positions.Count);
            foreach (var position in Positions)
            {
                frequency += weights[(int)(position >> TextFields.PositionBits)];
                Places.AddVarInt(position - before);
                before = position;
            }
            Documents.AddVarInt((uint)(document - last - 1));
            Documents.AddVarInt(frequency);
            last = document;
            Positions.Clear();
            if (++Count % SkipEntry.Every == 0) Skips.Add(new SkipEntry((uint)document, (uint)Documents.Length, (uint)Places.Length));
        }
    }
}
