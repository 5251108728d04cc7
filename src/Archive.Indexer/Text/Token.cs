namespace Archive.Indexer.Text;

/// <summary>A word of a text as it is indexed.</summary>
/// <param name="Term">What is looked up: folded and stemmed, or an identifier kept whole.</param>
/// <param name="Position">Number of the word in its text. An identifier kept whole has the position of its first part.</param>
/// <param name="IsWhole">Whether it is several words joined, such as <c>gfp-tagged</c> or <c>s-biad1043</c>, whose parts follow.</param>
/// <param name="Start">First character in the text.</param>
/// <param name="Length">Characters in the text.</param>
/// <param name="Word">The word as written but for case and accents: what prefixes, patterns, spelling and completion look at.</param>
internal readonly record struct Token(string Term, int Position, bool IsWhole, int Start, int Length, string Word);
