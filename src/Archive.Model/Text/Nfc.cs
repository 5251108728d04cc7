using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Archive.Model.Text;

/// <summary>
/// Unicode normalisation form C (UAX 15): one text for what people see as one. The framework's own normalisation returns the text
/// as it is under invariant globalization, which this archive runs under, so that no library of the machine decides what is equal.
/// </summary>
public static class Nfc
{
    // No character below is changed by NFC or composes with one before it (UAX 15, quick check).
    private const char FirstAffected = '\u0300';

    // Hangul syllables are computed: The Unicode Standard, section 3.12.
    private const int SBase = 0xAC00, LBase = 0x1100, VBase = 0x1161, TBase = 0x11A7, VCount = 21, TCount = 28, LCount = 19, SCount = 11172;

    private static readonly Lazy<Tables> Data = new(Tables.Read);

    /// <summary>The text in form C. Halves of surrogate pairs become U+FFFD.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.AsSpan().ContainsAnyInRange(FirstAffected, char.MaxValue)) return text;
        var runes = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes()) Decompose(rune.Value, runes);
        Reorder(runes);
        Compose(runes);
        var result = new StringBuilder(text.Length);
        foreach (var rune in runes) result.Append(new Rune(rune));
        return result.ToString();
    }

    /// <summary>Adds what a character is made of: a letter and its marks, as in form D but for the order of marks.</summary>
    internal static void Take(Rune rune, List<int> to)
    {
        if (rune.Value < FirstAffected && rune.IsAscii) to.Add(rune.Value);
        else Decompose(rune.Value, to);
    }

    private static void Decompose(int rune, List<int> to)
    {
        var s = rune - SBase;
        if (s is >= 0 and < SCount)
        {
            to.Add(LBase + (s / (VCount * TCount)));
            to.Add(VBase + (s % (VCount * TCount) / TCount));
            if (s % TCount != 0) to.Add(TBase + (s % TCount));
        }
        else if (Data.Value.Decompositions.TryGetValue(rune, out var parts))
        {
            foreach (var part in parts) Decompose(part, to);
        }
        else
        {
            to.Add(rune);
        }
    }

    // Marks go by their class, those of one class in the order they came (OrderBy is stable).
    private static void Reorder(List<int> runes)
    {
        for (var start = 0; start < runes.Count;)
        {
            var end = start;
            while (end < runes.Count && ClassOf(runes[end]) != 0) end++;
            if (end - start > 1)
                foreach (var mark in runes.GetRange(start, end - start).OrderBy(ClassOf)) runes[start++] = mark;
            start = end + 1;
        }
    }

    private static void Compose(List<int> runes)
    {
        int starter = -1, length = 0, previousClass = -1;
        foreach (var rune in runes.ToArray())
        {
            var order = ClassOf(rune);
            // A mark is blocked by one of the same or a higher class between it and the starter.
            if (starter >= 0 && (previousClass < order || previousClass == -1) && TryCompose(runes[starter], rune, out var composed))
            {
                runes[starter] = composed;
                continue;
            }
            if (order == 0)
            {
                starter = length;
                previousClass = -1;
            }
            else
            {
                previousClass = order;
            }
            runes[length++] = rune;
        }
        runes.RemoveRange(length, runes.Count - length);
    }

    private static bool TryCompose(int first, int second, out int composed)
    {
        int l = first - LBase, v = second - VBase, s = first - SBase, t = second - TBase;
        if (l is >= 0 and < LCount && v is >= 0 and < VCount)
        {
            composed = SBase + (((l * VCount) + v) * TCount);
            return true;
        }
        if (s is >= 0 and < SCount && s % TCount == 0 && t is > 0 and < TCount)
        {
            composed = first + t;
            return true;
        }
        return Data.Value.Compositions.TryGetValue((first, second), out composed);
    }

    private static int ClassOf(int rune) => rune < FirstAffected ? 0 : Data.Value.Classes.GetValueOrDefault(rune);

    private sealed record Tables(
        FrozenDictionary<int, int[]> Decompositions, FrozenDictionary<(int First, int Second), int> Compositions, FrozenDictionary<int, int> Classes)
    {
        public static Tables Read()
        {
            var decompositions = new Dictionary<int, int[]>();
            var compositions = new Dictionary<(int, int), int>();
            var classes = new Dictionary<int, int>();
            using var reader = new StreamReader(typeof(Nfc).Assembly.GetManifestResourceStream("canonical.txt")!);
            while (reader.ReadLine() is { } line)
            {
                if (line.StartsWith('#')) continue;
                foreach (var item in line.Split(';'))
                    if (item.Split('=') is [var whole, var parts]) AddDecomposition(Hex(whole), parts);
                    else AddClasses(item);
            }
            return new Tables(decompositions.ToFrozenDictionary(), compositions.ToFrozenDictionary(), classes.ToFrozenDictionary());

            void AddDecomposition(int whole, string parts)
            {
                var runes = parts.TrimEnd('!').Split(' ').Select(Hex).ToArray();
                decompositions.Add(whole, runes);
                if (runes.Length == 2 && !parts.EndsWith('!')) compositions.Add((runes[0], runes[1]), whole);
            }

            void AddClasses(string item)
            {
                var ends = item[..item.IndexOf(':', StringComparison.Ordinal)].Split('-');
                var order = int.Parse(item.AsSpan(item.IndexOf(':', StringComparison.Ordinal) + 1), NumberStyles.None, CultureInfo.InvariantCulture);
                for (var rune = Hex(ends[0]); rune <= Hex(ends[1]); rune++) classes.Add(rune, order);
            }
        }

        private static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
