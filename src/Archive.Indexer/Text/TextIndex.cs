using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Archive.Indexer.Format;

namespace Archive.Indexer.Text;

/// <summary>Where the postings of a term begin; they end where the next term's begin.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = Size)]
internal struct TermEntry
{
    public const int Size = 24;

    public long PostingsOffset;
    public long PositionsOffset;
    public uint Documents;
    public uint FirstSkip;
}

/// <summary>A place in the postings of a term that one can go on from, after every <see cref="Every"/> datasets; offsets are from where the term's begin.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4, Size = Size)]
internal readonly record struct SkipEntry(uint Document, uint Postings, uint Positions)
{
    public const int Size = 12;

    /// <summary>Datasets from one to the next.</summary>
    public const int Every = 128;
}

/// <summary>
/// The words of a generation's datasets. Postings: for each dataset the gap to the one before and the weighted frequency;
/// positions: for each dataset their number, then gaps. An occurrence counts what <see cref="FieldWeights"/> says of its field.
/// </summary>
internal sealed class TextIndex
{
    public const string TermsSection = "text.terms";
    public const string EntriesSection = "text.entries";
    public const string PostingsSection = "text.postings";
    public const string PositionsSection = "text.positions";
    public const string WeightsSection = "text.weights";
    public const string SkipsSection = "text.skips";

    private readonly Block entries;
    private readonly Block postings;
    private readonly Block positions;
    private readonly Block weights;
    private readonly Block skips;

    public TextIndex(IndexFile file, int documents)
    {
        Terms = new FrontCodedList(file.Section(TermsSection));
        entries = file.Section(EntriesSection);
        postings = file.Section(PostingsSection);
        positions = file.Section(PositionsSection);
        weights = file.Section(WeightsSection);
        skips = file.Section(SkipsSection);
        Documents = documents;
        Forms = new WordForms(file, this);
        _ = weights.Part(0, (long)documents * TextFields.All.Count);
    }

    /// <summary>Number of datasets.</summary>
    public int Documents { get; }

    /// <summary>The terms, sorted by bytes.</summary>
    public FrontCodedList Terms { get; }

    /// <summary>The words as written.</summary>
    public WordForms Forms { get; }

    /// <summary>What an occurrence counts in each field of a dataset, by <see cref="FieldWeights"/>.</summary>
    public ReadOnlySpan<byte> Weights(int document) => weights.Bytes(document * (long)TextFields.All.Count, TextFields.All.Count);

    /// <summary>The number of a term; -1 when no dataset has it.</summary>
    public int Find(string term) => Terms.Find<ByteOrder>(Encoding.UTF8.GetBytes(term));

    /// <summary>How many datasets have a term.</summary>
    public int DocumentFrequency(int term) => (int)Math.Min(entries.Read<TermEntry>(term * (long)TermEntry.Size).Documents, (uint)Documents);

    /// <summary>A walk over the datasets that have a term.</summary>
    public PostingWalk Walk(int term)
    {
        var entry = entries.Read<TermEntry>(term * (long)TermEntry.Size);
        var next = entries.Read<TermEntry>((term + 1L) * TermEntry.Size);
        return new PostingWalk(
            postings.Bytes(entry.PostingsOffset, checked((int)(next.PostingsOffset - entry.PostingsOffset))),
            positions.Bytes(entry.PositionsOffset, checked((int)(next.PositionsOffset - entry.PositionsOffset))),
            skips.Array<SkipEntry>(entry.FirstSkip * (long)SkipEntry.Size, checked((int)(next.FirstSkip - entry.FirstSkip))),
            Documents);
    }
}

/// <summary>Reads the postings of a term one dataset after the other.</summary>
internal ref struct PostingWalk
{
    private readonly ReadOnlySpan<byte> postings;
    private readonly ReadOnlySpan<byte> positions;
    private readonly ReadOnlySpan<SkipEntry> skips;
    private readonly int documents;
    private int nextSkip;
    private int at;
    private int positionsAt;
    private int pending;

    public PostingWalk(ReadOnlySpan<byte> postings, ReadOnlySpan<byte> positions, ReadOnlySpan<SkipEntry> skips, int documents)
    {
        this.skips = skips;
        this.postings = postings;
        this.positions = positions;
        this.documents = documents;
        Document = -1;
    }

    /// <summary>The current dataset.</summary>
    public int Document { get; private set; }

    /// <summary>How often it has the term, each occurrence counted by its field, in parts of <see cref="FieldWeights"/>.</summary>
    public uint Frequency { get; private set; }

    /// <summary>Moves to the next dataset; false at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool MoveNext()
    {
        var bytes = postings;
        var next = at;
        if ((uint)next >= (uint)bytes.Length) return false;
        // Most gaps and frequencies are one byte: the loop is for the others.
        uint gap = bytes[next];
        if (gap < 128) next++;
        else gap = VarInt.Read(bytes, ref next);
        uint frequency = bytes[next];
        if (frequency < 128) next++;
        else frequency = VarInt.Read(bytes, ref next);
        var document = Document + 1L + gap;
        if (document >= documents) ThrowOutside();
        at = next;
        Document = (int)document;
        Frequency = frequency;
        pending++;
        return true;
    }

    /// <summary>Moves on to a dataset, or where it does not have the term to the next that has; false at the end.</summary>
    public bool MoveTo(int document)
    {
        if (nextSkip < skips.Length && skips[nextSkip].Document < (uint)document) Skip((uint)document);
        while (Document < document)
            if (!MoveNext())
                return false;
        return true;
    }

    // Goes on from the last place before a dataset.
    private void Skip(uint document)
    {
        while (nextSkip + 1 < skips.Length && skips[nextSkip + 1].Document < document) nextSkip++;
        var skip = skips[nextSkip++];
        if (skip.Postings <= (uint)at) return;
        if (skip.Document >= (uint)documents || skip.Postings > (uint)postings.Length || skip.Positions > (uint)positions.Length) ThrowOutside();
        at = (int)skip.Postings;
        positionsAt = (int)skip.Positions;
        Document = (int)skip.Document;
        pending = 0;
    }

    private static void ThrowOutside() => throw new InvalidDataException("A posting names no dataset of the index.");

    /// <summary>Reads the positions of the current dataset.</summary>
    public void ReadPositions(List<uint> target)
    {
        target.Clear();
        for (; pending > 1; pending--) VarInt.Skip(positions, ref positionsAt, VarInt.Read(positions, ref positionsAt));
        pending = 0;
        uint position = 0;
        for (var left = VarInt.Read(positions, ref positionsAt); left > 0; left--) target.Add(position += VarInt.Read(positions, ref positionsAt));
    }
}
