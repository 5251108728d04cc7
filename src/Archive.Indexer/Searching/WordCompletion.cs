using System.Text;
using Archive.Indexer.Format;
using Archive.Indexer.Generations;
using Archive.Indexer.Text;

namespace Archive.Indexer.Searching;

/// <summary>
/// The most frequent words that begin so. Frequencies on disk count datasets that are cut out, so they are bounds only: words are
/// counted in their order until no further one can be among the best.
/// </summary>
internal sealed class WordCompletion(IndexSnapshot snapshot)
{
    /// <summary>Words, those that most datasets have first, equal ones in order.</summary>
    public IEnumerable<string> Find(string prefix, int size)
    {
        if (size == 0) return [];
        var delta = DeltaCounts(prefix);
        var best = new List<(string Word, int Datasets)>();
        foreach (var (word, datasets) in delta)
            if (datasets > 0 && snapshot.Segments[0].Generation.Text.Forms.Find(word) < 0)
                best.Add((word, datasets));
        var mostInDelta = delta.Count == 0 ? 0 : delta.Values.Max();
        var segment = snapshot.Segments[0];
        var forms = segment.Generation.Text.Forms;
        foreach (var form in ByFrequency(forms, prefix))
        {
            if (best.Count >= size) Trim(best, size);
            if (best.Count == size && best[^1].Datasets > forms.DocumentFrequency(form) + mostInDelta) break;
            var word = forms.Words[form];
            if (FormFinder.LiveFrequency(segment, form) + delta.GetValueOrDefault(word) is > 0 and var datasets) best.Add((word, datasets));
        }
        Trim(best, size);
        return best.Select(b => b.Word);
    }

    private Dictionary<string, int> DeltaCounts(string prefix)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var segment in snapshot.Segments.Skip(1))
            foreach (var form in FormScan.Prefix(prefix).Collect(segment.Generation.Text.Forms))
                counts[segment.Generation.Text.Forms.Words[form]] = FormFinder.LiveFrequency(segment, form);
        return counts;
    }

    private static int[] ByFrequency(WordForms forms, string prefix)
    {
        var key = Encoding.UTF8.GetBytes(prefix);
        var first = forms.Words.LowerBound<ByteOrder>(key);
        // No byte of UTF-8 is this one, so it is above all that goes on.
        var count = forms.Words.LowerBound<ByteOrder>([.. key, byte.MaxValue]) - first;
        var numbers = new int[count];
        var frequencies = new int[count];
        for (var i = 0; i < count; i++)
        {
            numbers[i] = first + i;
            frequencies[i] = -forms.DocumentFrequency(first + i);
        }
        Array.Sort(frequencies, numbers);
        return numbers;
    }

    private static void Trim(List<(string Word, int Datasets)> best, int size)
    {
        best.Sort((a, b) => a.Datasets != b.Datasets ? b.Datasets.CompareTo(a.Datasets) : string.CompareOrdinal(a.Word, b.Word));
        if (best.Count > size) best.RemoveRange(size, best.Count - size);
    }
}
