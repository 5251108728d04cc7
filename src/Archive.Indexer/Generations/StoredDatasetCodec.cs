using System.Text;
using Archive.Indexer.Format;
using Archive.Model.Datasets;

namespace Archive.Indexer.Generations;

/// <summary>
/// What a hit shows, in bytes: accession, version, title, description, people, organisms, methods, collection, licence, day of
/// release (0 for none). Texts are a length and UTF-8, lists a count and texts; numbers are <see cref="VarInt"/>.
/// </summary>
internal static class StoredDatasetCodec
{
    private const int MaxList = 1_000_000;

    public static void Write(ByteBuffer target, StoredDataset stored)
    {
        Write(target, stored.Accession.ToString());
        target.AddVarInt((uint)stored.Version);
        Write(target, stored.Title);
        Write(target, stored.Description);
        Write(target, stored.People);
        Write(target, stored.Organisms);
        Write(target, stored.Methods);
        Write(target, stored.Collection);
        Write(target, stored.Licence);
        target.AddVarInt((uint)(stored.ReleaseDate?.DayNumber ?? 0));
    }

    /// <summary>Reads what was written.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static StoredDataset Read(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        if (!Accession.TryParse(Text(bytes, ref at), null, out var accession)) throw new InvalidDataException("A stored record has no accession.");
        var version = (int)VarInt.Read(bytes, ref at);
        var stored = new StoredDataset(
            accession, version, Text(bytes, ref at), Text(bytes, ref at), Texts(bytes, ref at), Texts(bytes, ref at), Texts(bytes, ref at),
            Text(bytes, ref at), Text(bytes, ref at), null);
        var day = VarInt.Read(bytes, ref at);
        if (at != bytes.Length || day > DateOnly.MaxValue.DayNumber) throw new InvalidDataException("A stored record is not what was written.");
        return day == 0 ? stored : stored with { ReleaseDate = DateOnly.FromDayNumber((int)day) };
    }

    private static void Write(ByteBuffer target, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        target.AddVarInt((uint)bytes.Length);
        target.Add(bytes);
    }

    private static void Write(ByteBuffer target, IReadOnlyList<string> texts)
    {
        target.AddVarInt((uint)texts.Count);
        foreach (var text in texts) Write(target, text);
    }

    private static string Text(ReadOnlySpan<byte> bytes, ref int at)
    {
        var length = VarInt.Read(bytes, ref at);
        if (length > bytes.Length - at) throw new InvalidDataException("A stored text reaches beyond its record.");
        var text = Encoding.UTF8.GetString(bytes.Slice(at, (int)length));
        at += (int)length;
        return text;
    }

    private static string[] Texts(ReadOnlySpan<byte> bytes, ref int at)
    {
        var count = VarInt.Read(bytes, ref at);
        // Each takes a byte or more.
        if (count > Math.Min(MaxList, bytes.Length - at)) throw new InvalidDataException("A stored list is longer than its record.");
        var texts = new string[count];
        for (var i = 0; i < texts.Length; i++) texts[i] = Text(bytes, ref at);
        return texts;
    }
}
