using System.Runtime.InteropServices;
using Archive.Indexer.Format;
using Archive.Indexer.Text;

namespace Archive.Indexer.Tests.Support;

/// <summary>Writes an index file again with something wrong in it and every checksum right, as a faulty builder would have.</summary>
internal sealed class IndexEdit
{
    private readonly List<(string Name, byte[] Bytes)> sections = [];

    public IndexEdit(string path)
    {
        using var file = IndexFile.Open(path);
        foreach (var section in file.Sections.OrderBy(s => s.Offset))
            sections.Add((section.Name, file.Section(section.Name).Bytes(0, (int)section.Length).ToArray()));
    }

    /// <summary>The bytes of a section, to be changed in place or replaced.</summary>
    public byte[] this[string name]
    {
        get => sections.Find(s => s.Name == name).Bytes;
        set => sections[sections.FindIndex(s => s.Name == name)] = (name, value);
    }

    /// <summary>Changes the postings of the terms of datasets. Only for fewer datasets than there are from one place to go on from to the next.</summary>
    public void EditPostings(Action<List<TermPostings>> change)
    {
        var entries = MemoryMarshal.Cast<byte, TermEntry>(this[TextIndex.EntriesSection]).ToArray();
        var terms = new List<TermPostings>();
        for (var i = 0; i + 1 < entries.Length; i++)
        {
            var own = new TermPostings();
            int at = (int)entries[i].PostingsOffset, places = (int)entries[i].PositionsOffset, document = -1;
            while (at < entries[i + 1].PostingsOffset)
            {
                document += 1 + (int)VarInt.Read(this[TextIndex.PostingsSection], ref at);
                var frequency = VarInt.Read(this[TextIndex.PostingsSection], ref at);
                var from = places;
                VarInt.Skip(this[TextIndex.PositionsSection], ref places, VarInt.Read(this[TextIndex.PositionsSection], ref places));
                own.Add((document, frequency, this[TextIndex.PositionsSection][from..places]));
            }
            terms.Add(own);
        }
        change(terms);
        ByteBuffer postings = new(), positions = new();
        for (var i = 0; i < terms.Count; i++)
        {
            (entries[i].Documents, entries[i].PostingsOffset, entries[i].PositionsOffset) = ((uint)terms[i].Count, postings.Length, positions.Length);
            var before = -1;
            foreach (var (document, frequency, places) in terms[i])
            {
                postings.AddVarInt((uint)(document - before - 1));
                postings.AddVarInt(frequency);
                positions.Add(places);
                before = document;
            }
        }
        (entries[^1].PostingsOffset, entries[^1].PositionsOffset) = (postings.Length, positions.Length);
        this[TextIndex.EntriesSection] = MemoryMarshal.AsBytes<TermEntry>(entries).ToArray();
        this[TextIndex.PostingsSection] = postings.Written.ToArray();
        this[TextIndex.PositionsSection] = positions.Written.ToArray();
    }

    public void WriteTo(string path)
    {
        using var file = new IndexFileWriter(path);
        foreach (var (name, bytes) in sections) file.WriteSection(name, bytes);
        file.Finish();
    }
}

/// <summary>The datasets that have a term, with weighted frequencies and positions as they are written.</summary>
internal sealed class TermPostings : List<(int Dataset, uint Frequency, byte[] Positions)>;
