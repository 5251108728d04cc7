namespace Archive.Indexer.Searching;

/// <summary>
/// How many more places of words the phrases of one query may be held against: a long phrase of one word that a text has ten thousand
/// times would otherwise keep a processor busy for minutes. Not for several threads at once.
/// </summary>
/// <param name="places">0 or more.</param>
internal sealed class PhraseBudget(long places)
{
    private long left = places;

    /// <summary>Whether nothing is left, so that something was not looked at.</summary>
    public bool IsSpent => left < 0;

    /// <summary>Takes so many; false from when there are too few on.</summary>
    public bool TryTake(long count) => !IsSpent && (left -= count) >= 0;
}
