namespace Archive.Indexer.Query;

/// <summary>Kinds of pieces that a query is made of.</summary>
internal enum QueryTokenKind
{
    Word,
    Phrase,
    Range,
    Field,
    And,
    Or,
    Not,
    Required,
    Open,
    Close,
    Boost,
}

/// <summary>A piece of a query.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The word or phrase with escapes resolved, the field without colon, the lower bound of a range.</param>
/// <param name="Place">Where it stands.</param>
internal sealed record QueryToken(QueryTokenKind Kind, string Text, QueryPlace Place)
{
    /// <summary>Where the <c>*</c> and <c>?</c> of a word are that were not escaped.</summary>
    public IReadOnlyList<int> Wild { get; init; } = [];

    /// <summary>What follows <c>~</c>: edits of a word, moves of a phrase; null where there is none.</summary>
    public int? Tilde { get; init; }

    /// <summary>The factor after <c>^</c>.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>The upper bound of a range.</summary>
    public string UpperText { get; init; } = "";

    /// <summary>Whether a range begins with <c>[</c>.</summary>
    public bool IsMinIn { get; init; }

    /// <summary>Whether a range ends with <c>]</c>.</summary>
    public bool IsMaxIn { get; init; }
}
