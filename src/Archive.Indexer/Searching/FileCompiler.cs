using System.Text;
using Archive.Indexer.Format;
using Archive.Indexer.Query;
using Archive.Indexer.Text;

namespace Archive.Indexer.Searching;

/// <summary>
/// Looks the words of a query for files up. Patterns and likenesses become the words that fit, before a table is looked at: so they mean the
/// same in each.
/// </summary>
/// <param name="lists">All words of the files that are searched.</param>
/// <param name="notes">Told what could not be looked up as written.</param>
/// <param name="limits">How much may be looked up.</param>
internal sealed class FileCompiler(IReadOnlyList<FrontCodedList> lists, QueryNotes notes, QueryLimits limits)
{
    private int patterns;
    private int read;

    /// <summary>Looks a query up; null when it asks for nothing in particular. Words in quotes need not stand in a row.</summary>
    public FileNode? Compile(QueryNode? query) => query is AnythingNode ? null : Part(query);

    private FileNode? Part(QueryNode? query) => query switch
    {
        WordsNode words => All([.. Words(words)]),
        WildcardNode wildcard => Wildcard(wildcard),
        FuzzyNode fuzzy => Fuzzy(fuzzy),
        AnythingNode => new EverythingOfFiles(),
        AndNode and => All([.. and.Parts.Select(Part).OfType<FileNode>()]),
        OrNode or => Any([.. or.Parts.Select(Part).OfType<FileNode>()]),
        NotNode not => Part(not.Part) is { } part ? new NoneOfFiles(part) : null,
        BoostNode boost => Part(boost.Part),
        // It changes the order by relevance, which files have none of; fields and ranges are not read in queries for files.
        _ => null,
    };

    private static IEnumerable<FileNode> Words(WordsNode words)
    {
        var split = WordSplitter.Split(words.Text);
        for (var i = 0; i < split.Count; i++) yield return new WordOfFiles(split[i], words.IsPrefix && i == split.Count - 1);
    }

    private FileNode? Wildcard(WildcardNode node)
    {
        var (words, cut) = WordPattern.Cut(node.Text, node.Wild, Folding.IsWord);
        var found = new List<FileNode>(words.SelectMany(WordSplitter.Split).Select(word => new WordOfFiles(word, isPrefix: false)));
        foreach (var pattern in cut)
        {
            if (pattern.IsPrefixOnly) found.Add(new WordOfFiles(pattern.Prefix, isPrefix: true));
            else if (MayLookUp(node)) found.Add(Fitting(pattern.Prefix, pattern.Fits, node));
        }
        if (words.Count + cut.Count == 0) notes.Add(node.Place, "There is no letter or digit in it; it is passed over.");
        return All(found);
    }

    // As among datasets: the first letter is as typed, and one letter at least is left of it.
    private FileNode? Fuzzy(FuzzyNode node)
    {
        var found = new List<FileNode>();
        foreach (var word in WordSplitter.Split(node.Text))
        {
            var edits = Math.Min(node.Edits, word.Length - 1);
            if (edits <= 0) found.Add(new WordOfFiles(word, isPrefix: false));
            else if (MayLookUp(node)) found.Add(Fitting(word[..(char.IsHighSurrogate(word[0]) ? 2 : 1)], other => EditDistance.Within(word, other, edits) >= 0, node));
        }
        return All(found);
    }

    private WordsOfFiles Fitting(string prefix, WordTest fits, QueryNode node)
    {
        var words = new SortedSet<byte[]>(Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)));
        var wasRead = true;
        // Each list is in the order of the words, so one more of each than are wanted tells which come first in all.
        foreach (var list in lists) wasRead &= Collect(list, Encoding.UTF8.GetBytes(prefix), fits, words);
        if (words.Count > limits.MaxFileWords)
            notes.Add(node.Place, $"More than {limits.MaxFileWords} words fit; the first by letter are looked for. More letters make them fewer.");
        else if (!wasRead)
            notes.Add(node.Place, $"It was held against {limits.MaxFileWordsRead} words, and there are more. More letters at its beginning make them fewer.");
        return new WordsOfFiles([.. words.Take(limits.MaxFileWords)]);
    }

    private bool Collect(FrontCodedList list, byte[] prefix, WordTest fits, SortedSet<byte[]> words)
    {
        Span<char> word = stackalloc char[FrontCodedList.MaxEntryBytes];
        var found = 0;
        for (var walk = list.Walk(list.LowerBound<ByteOrder>(prefix)); found <= limits.MaxFileWords && walk.MoveNext() && walk.Current.StartsWith(prefix);)
        {
            if (read == limits.MaxFileWordsRead) return false;
            read++;
            if (walk.Current.Length > word.Length) throw new InvalidDataException("A word is longer than words are.");
            if (!fits(word[..Encoding.UTF8.GetChars(walk.Current, word)])) continue;
            words.Add(walk.Current.ToArray());
            found++;
        }
        return true;
    }

    private bool MayLookUp(QueryNode node)
    {
        if (patterns++ < limits.MaxPatterns) return true;
        notes.Add(node.Place, $"A query has up to {limits.MaxPatterns} words with *, ? or ~; this one is passed over.");
        return false;
    }

    private static FileNode? All(List<FileNode> parts) => parts.Count switch { 0 => null, 1 => parts[0], _ => new AllOfFiles(parts) };

    private static FileNode? Any(List<FileNode> parts) => parts.Count switch { 0 => null, 1 => parts[0], _ => new AnyOfFiles(parts) };

    private delegate bool WordTest(ReadOnlySpan<char> word);
}
