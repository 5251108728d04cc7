using System.Text;
using Archive.Indexer.Columns;
using Archive.Indexer.Generations;

namespace Archive.Indexer.Searching;

/// <summary>A word that is like the one looked for.</summary>
/// <param name="Word">As written, folded.</param>
/// <param name="Term">What is looked up for it.</param>
/// <param name="Edits">How far it is from the other.</param>
/// <param name="Datasets">How many datasets have it, those cut out not counted.</param>
internal sealed record LikeWord(string Word, string Term, int Edits, int Datasets);

/// <summary>Finds words of the index as they are written: by their beginning, by a pattern, between two, or like one.</summary>
internal sealed class FormFinder(IndexSnapshot snapshot)
{
    private readonly List<uint> positions = [];

    /// <summary>Datasets that have one of the words; each counts 1.</summary>
    /// <param name="scan">The words.</param>
    /// <param name="field">Number of the field; -1 for any.</param>
    /// <param name="max">Of more words only the most frequent are taken, equal ones in order.</param>
    /// <param name="found">How many words there are.</param>
    public FoundNode Find(FormScan scan, int field, int max, out int found)
    {
        var bySegment = snapshot.Segments.Select(s => scan.Collect(s.Generation.Text.Forms)).ToArray();
        found = bySegment.Sum(f => f.Count);
        if (found > max)
        {
            var frequencies = Frequencies(bySegment);
            found = frequencies.Count;
            var kept = frequencies.OrderByDescending(f => f.Value).ThenBy(f => f.Key, StringComparer.Ordinal).Take(max).Select(f => f.Key).ToHashSet(StringComparer.Ordinal);
            for (var s = 0; s < bySegment.Length; s++)
            {
                var words = snapshot.Segments[s].Generation.Text.Forms.Words;
                bySegment[s].RemoveAll(form => !kept.Contains(words[form]));
            }
        }
        var bits = new ulong[bySegment.Length][];
        for (var s = 0; s < bits.Length; s++)
        {
            bits[s] = new ulong[Bits.Words(snapshot.Segments[s].Count)];
            foreach (var form in bySegment[s]) Mark(snapshot.Segments[s], form, field, bits[s]);
        }
        return FoundNode.Constant(bits);
    }

    /// <summary>Words with few edits and the same first letter, the likest first, then the most frequent, then in order.</summary>
    public List<LikeWord> Like(string word, int maxEdits)
    {
        var edits = Math.Min(maxEdits, word.Length - 1);
        var first = char.IsHighSurrogate(word[0]) && word.Length > 1 ? word[..2] : word[..1];
        var scan = FormScan.Prefix(first, other => EditDistance.Within(word, other, edits) >= 0);
        var bySegment = snapshot.Segments.Select(s => scan.Collect(s.Generation.Text.Forms)).ToArray();
        var terms = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var s = 0; s < bySegment.Length; s++)
        {
            var text = snapshot.Segments[s].Generation.Text;
            foreach (var form in bySegment[s]) terms[text.Forms.Words[form]] = text.Terms[text.Forms.Term(form)];
        }
        return [.. Frequencies(bySegment).Select(f => new LikeWord(f.Key, terms[f.Key], EditDistance.Within(word, f.Key, edits), f.Value))
            .OrderBy(w => w.Edits).ThenByDescending(w => w.Datasets).ThenBy(w => w.Word, StringComparer.Ordinal)];
    }

    /// <summary>How many datasets have a word, those cut out not counted.</summary>
    public static int LiveFrequency(Segment segment, int form)
    {
        var forms = segment.Generation.Text.Forms;
        if (segment.IsWhole) return forms.DocumentFrequency(form);
        var frequency = 0;
        for (var walk = forms.Walk(form); walk.MoveNext();)
            if (segment.IsLive(walk.Document))
                frequency++;
        return frequency;
    }

    // Of each word that some dataset has which is not cut out.
    private Dictionary<string, int> Frequencies(List<int>[] bySegment)
    {
        var frequencies = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var s = 0; s < bySegment.Length; s++)
        {
            var segment = snapshot.Segments[s];
            foreach (var form in bySegment[s])
            {
                if (LiveFrequency(segment, form) is not (> 0 and var live)) continue;
                var word = segment.Generation.Text.Forms.Words[form];
                frequencies[word] = frequencies.GetValueOrDefault(word) + live;
            }
        }
        return frequencies;
    }

    private void Mark(Segment segment, int form, int field, Span<ulong> bits)
    {
        for (var walk = segment.Generation.Text.Forms.Walk(form); walk.MoveNext();)
            if (segment.IsLive(walk.Document) && walk.IsIn(field, positions))
                Bits.Set(bits, walk.Document);
    }
}
