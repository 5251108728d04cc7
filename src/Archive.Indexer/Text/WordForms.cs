using System.Runtime.InteropServices;
using System.Text;
using Archive.Indexer.Format;

namespace Archive.Indexer.Text;

/// <summary>A word as written: its term, how many datasets have it, and where its datasets begin; they end where the next word's begin.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = Size)]
internal struct FormEntry
{
    public const int Size = 16;

    public long Offset;
    public uint Term;
    public uint Documents;
}

/// <summary>
/// The words of a generation as they are written but for case and accents, each with its term: <c>imaging</c> and <c>images</c>
/// beside their stem. A word that is the only one of its term has no list of its own, since the term's says the same; the others
/// have, for each dataset, the gap to the one before and a bit for each field that has the word.
/// </summary>
internal sealed class WordForms
{
    public const string WordsSection = "text.forms";
    public const string EntriesSection = "text.forms.entries";
    public const string PostingsSection = "text.forms.postings";

    private readonly Block entries;
    private readonly Block postings;
    private readonly TextIndex text;

    public WordForms(IndexFile file, TextIndex text)
    {
        this.text = text;
        Words = new FrontCodedList(file.Section(WordsSection));
        entries = file.Section(EntriesSection);
        postings = file.Section(PostingsSection);
        _ = entries.Part(0, (Words.Count + 1L) * FormEntry.Size);
    }

    /// <summary>The words, sorted by bytes.</summary>
    public FrontCodedList Words { get; }

    /// <summary>The number of a word; -1 when no dataset has it.</summary>
    public int Find(string word) => Words.Find<ByteOrder>(Encoding.UTF8.GetBytes(word));

    /// <summary>The term of a word.</summary>
    public int Term(int form)
    {
        var term = Entry(form).Term;
        return term < (uint)text.Terms.Count ? (int)term : throw new InvalidDataException("A word names no term.");
    }

    /// <summary>How many datasets have a word, cut ones too.</summary>
    public int DocumentFrequency(int form) => (int)Math.Min(Entry(form).Documents, (uint)text.Documents);

    /// <summary>A walk over the datasets that have a word.</summary>
    public FormWalk Walk(int form)
    {
        var from = Entry(form).Offset;
        var to = Entry(form + 1).Offset;
        return from == to
            ? new FormWalk(text.Walk(Term(form)))
            : new FormWalk(postings.Bytes(from, checked((int)(to - from))), text.Documents);
    }

    private FormEntry Entry(int form) => entries.Read<FormEntry>(form * (long)FormEntry.Size);
}

/// <summary>Reads the datasets of a word one after the other.</summary>
internal ref struct FormWalk
{
    private readonly ReadOnlySpan<byte> postings;
    private readonly int documents;
    private readonly bool isOfTerm;
    private PostingWalk term;
    private int at;
    private int document;
    private byte fields;

    public FormWalk(PostingWalk term)
    {
        this.term = term;
        isOfTerm = true;
    }

    public FormWalk(ReadOnlySpan<byte> postings, int documents)
    {
        this.postings = postings;
        this.documents = documents;
        document = -1;
    }

    /// <summary>The current dataset.</summary>
    public readonly int Document => isOfTerm ? term.Document : document;

    /// <summary>Moves to the next dataset; false at the end.</summary>
    public bool MoveNext()
    {
        if (isOfTerm) return term.MoveNext();
        if (at >= postings.Length) return false;
        document += checked((int)VarInt.Read(postings, ref at)) + 1;
        if ((uint)document >= (uint)documents) throw new InvalidDataException("A posting names no dataset of the index.");
        fields = postings[at++];
        return true;
    }

    /// <summary>Whether the current dataset has the word in a field.</summary>
    /// <param name="field">Number of the field; -1 for any.</param>
    /// <param name="positions">Room that is written over.</param>
    public bool IsIn(int field, List<uint> positions)
    {
        if (field < 0) return true;
        if (!isOfTerm) return (fields >> field & 1) != 0;
        term.ReadPositions(positions);
        foreach (var position in positions)
            if (position >> TextFields.PositionBits == field)
                return true;
        return false;
    }
}
