using System.Text;
using Archive.Indexer.Format;
using Archive.Indexer.Text;

namespace Archive.Indexer.Searching;

/// <summary>Whether a folded word is one of those looked for.</summary>
internal delegate bool WordTest(ReadOnlySpan<char> word);

/// <summary>Which words of an index are looked for: a stretch of their order, and a test of each.</summary>
internal sealed class FormScan
{
    private readonly byte[] start;
    private readonly byte[]? end;
    private readonly bool isEndIn;
    private readonly bool isPrefix;
    private readonly WordTest? test;

    private FormScan(string start, bool isPrefix, string? end, bool isEndIn, WordTest? test)
    {
        this.start = Encoding.UTF8.GetBytes(start);
        this.isPrefix = isPrefix;
        this.end = end is null ? null : Encoding.UTF8.GetBytes(end);
        this.isEndIn = isEndIn;
        this.test = test;
    }

    /// <summary>Words that begin so and pass a test.</summary>
    public static FormScan Prefix(string prefix, WordTest? test = null) => new(prefix, true, null, false, test);

    /// <summary>Words between two, in the order of code points.</summary>
    public static FormScan Range(string? min, bool isMinIn, string? max, bool isMaxIn) =>
        new(min ?? "", false, max, isMaxIn, min is null || isMinIn ? null : word => !word.SequenceEqual(min));

    /// <summary>The numbers of the words, ascending.</summary>
    public List<int> Collect(WordForms forms)
    {
        var found = new List<int>();
        Span<char> buffer = stackalloc char[FrontCodedList.MaxEntryBytes];
        var walk = forms.Words.Walk(forms.Words.LowerBound<ByteOrder>(start));
        while (walk.MoveNext() && GoesOn(walk.Current))
            if (test is null || test(buffer[..Encoding.UTF8.GetChars(walk.Current, buffer)]))
                found.Add(walk.Index);
        return found;
    }

    private bool GoesOn(ReadOnlySpan<byte> word)
    {
        if (isPrefix) return word.StartsWith(start);
        if (end is null) return true;
        var order = word.SequenceCompareTo(end);
        return order < 0 || (order == 0 && isEndIn);
    }
}
