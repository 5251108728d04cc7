using System.Runtime.InteropServices;
using System.Text;
using Archive.Indexer.Format;

namespace Archive.Indexer.Text;

/// <summary>Collects the words of datasets as written, and writes the sections that <see cref="WordForms"/> reads.</summary>
internal sealed class WordFormsBuilder
{
    private readonly Dictionary<string, Form> forms = new(StringComparer.Ordinal);
    private readonly List<Form> touched = [];

    /// <summary>Number of the term of a word seen before; -1 for a new one.</summary>
    public int FindTerm(string word) => forms.TryGetValue(word, out var form) ? form.Term : -1;

    /// <summary>Notes a word of the current dataset.</summary>
    public void Touch(string word, int term, int field)
    {
        ref var form = ref CollectionsMarshal.GetValueRefOrAddDefault(forms, word, out var exists);
        if (!exists) form = new Form(term);
        if (form!.Fields == 0) touched.Add(form);
        form.Fields |= (byte)(1 << field);
    }

    /// <summary>Ends the current dataset.</summary>
    public void EndDocument(int document)
    {
        foreach (var form in touched) form.EndDocument(document);
        touched.Clear();
    }

    /// <summary>Writes the sections.</summary>
    /// <param name="termNumbers">For each term as it was counted here, its number in the index.</param>
    public void WriteTo(IndexFileWriter file, int[] termNumbers)
    {
        var sorted = forms.Select(x => (Word: Encoding.UTF8.GetBytes(x.Key), Form: x.Value)).ToArray();
        Array.Sort(sorted, (a, b) => a.Word.AsSpan().SequenceCompareTo(b.Word));
        var formsOfTerm = new int[termNumbers.Length];
        foreach (var (_, form) in sorted) formsOfTerm[form.Term]++;
        var words = new FrontCodedListWriter(shift: 4);
        var entries = new FormEntry[sorted.Length + 1];
        for (var i = 0; i < sorted.Length; i++)
        {
            var form = sorted[i].Form;
            words.Add(sorted[i].Word);
            entries[i].Term = (uint)termNumbers[form.Term];
            entries[i].Documents = (uint)form.Count;
            entries[i + 1].Offset = entries[i].Offset + (formsOfTerm[form.Term] == 1 ? 0 : form.Documents.Length);
        }
        var buffer = new ByteBuffer();
        words.WriteTo(buffer);
        file.WriteSection(WordForms.WordsSection, buffer.Written);
        file.WriteSection(WordForms.EntriesSection, MemoryMarshal.AsBytes<FormEntry>(entries));
        file.Begin(WordForms.PostingsSection);
        foreach (var (_, form) in sorted)
            if (formsOfTerm[form.Term] > 1)
                file.Write(form.Documents.Written);
    }

    private sealed class Form(int term)
    {
        private int last = -1;

        public int Term => term;

        public byte Fields { get; set; }

        public int Count { get; private set; }

        public ByteBuffer Documents { get; } = new(8);

        public void EndDocument(int document)
        {
            Documents.AddVarInt((uint)(document - last - 1));
            Documents.Add(Fields);
            last = document;
            Fields = 0;
            Count++;
        }
    }
}
