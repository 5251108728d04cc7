namespace Archive.Indexer.Searching;

/// <summary>How much of the index one query may look at; what is cut is told.</summary>
internal sealed record QueryLimits
{
    /// <summary>The limits of the archive.</summary>
    public static readonly QueryLimits Standard = new();

    /// <summary>Words that one beginning, pattern or range of words stands for, the most frequent first.</summary>
    public int MaxExpansions { get; init; } = 4096;

    /// <summary>Words that one word is like, the likest first.</summary>
    public int MaxLikeWords { get; init; } = 50;

    /// <summary>Words of files that one pattern or likeness stands for, the first by code point. A beginning stands for all.</summary>
    public int MaxFileWords { get; init; } = 1024;

    /// <summary>Words of files that all patterns and likenesses of one query are held against.</summary>
    public int MaxFileWordsRead { get; init; } = 4_000_000;

    /// <summary>Places of words in texts that all phrases of one query are held against, and those of its other spellings.</summary>
    public long MaxPhrasePlaces { get; init; } = 10_000_000;

    /// <summary>Beginnings, patterns, likenesses and ranges of words in one query.</summary>
    public int MaxPatterns { get; init; } = 32;
}
