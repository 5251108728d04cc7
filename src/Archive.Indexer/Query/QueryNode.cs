using System.Runtime.InteropServices;

namespace Archive.Indexer.Query;

/// <summary>A stretch of a query's text.</summary>
/// <param name="Start">Its first character, from 0.</param>
/// <param name="Length">Characters (UTF-16 units).</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct QueryPlace(int Start, int Length);

/// <summary>What a query asks for, before its words are looked up.</summary>
internal abstract record QueryNode
{
    /// <summary>Where it stands in the text.</summary>
    public QueryPlace Place { get; init; }
}

/// <summary>Words as typed.</summary>
/// <param name="Field">The field they must be in, as typed; null for any.</param>
/// <param name="Text">Not blank; escapes are resolved.</param>
/// <param name="IsPhrase">Whether they stood in quotes.</param>
/// <param name="IsPrefix">Whether the last one may go on.</param>
internal sealed record WordsNode(string? Field, string Text, bool IsPhrase, bool IsPrefix) : QueryNode
{
    /// <summary>How far the words of a phrase may be moved, in words; 0 for none.</summary>
    public int Slop { get; init; }
}

/// <summary>A word with <c>*</c> or <c>?</c> in it.</summary>
/// <param name="Field">The field it must be in, as typed; null for any.</param>
/// <param name="Text">As typed, escapes resolved.</param>
/// <param name="Wild">Where the characters of the text that stand for others are, ascending.</param>
internal sealed record WildcardNode(string? Field, string Text, IReadOnlyList<int> Wild) : QueryNode;

/// <summary>Words like one.</summary>
/// <param name="Field">The field they must be in, as typed; null for any.</param>
/// <param name="Text">The word, escapes resolved.</param>
/// <param name="Edits">Letters that may be added, left out, replaced or swapped with their neighbour: 0 to 2.</param>
internal sealed record FuzzyNode(string? Field, string Text, int Edits) : QueryNode;

/// <summary>Values from one to another.</summary>
/// <param name="Field">The field, as typed.</param>
/// <param name="Min">As typed; null for no bound.</param>
/// <param name="Max">As typed; null for no bound.</param>
/// <param name="IsMinIn">Whether the lower bound itself is asked for.</param>
/// <param name="IsMaxIn">Whether the upper bound itself is asked for.</param>
internal sealed record RangeNode(string Field, string? Min, string? Max, bool IsMinIn, bool IsMaxIn) : QueryNode;

/// <summary>Everything, or everything that has a value of a field.</summary>
/// <param name="Field">As typed; null for everything.</param>
internal sealed record AnythingNode(string? Field) : QueryNode;

/// <summary>Everything of it.</summary>
internal sealed record AndNode(IReadOnlyList<QueryNode> Parts) : QueryNode;

/// <summary>Any of it.</summary>
internal sealed record OrNode(IReadOnlyList<QueryNode> Parts) : QueryNode;

/// <summary>Everything but it.</summary>
internal sealed record NotNode(QueryNode Part) : QueryNode;

/// <summary>Beside something that must be found: what has it too ranks higher. Only among the parts of <see cref="AndNode"/>.</summary>
internal sealed record MaybeNode(QueryNode Part) : QueryNode;

/// <summary>A part that counts more or less.</summary>
/// <param name="Part">The part.</param>
/// <param name="Factor">What its score is multiplied by, 0 to <see cref="QueryParser.MaxBoost"/>.</param>
internal sealed record BoostNode(QueryNode Part, double Factor) : QueryNode;
