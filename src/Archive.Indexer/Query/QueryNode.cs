namespace Archive.Indexer.Query;

/// <summary>What a query asks for, before its words are looked up.</summary>
internal abstract record QueryNode;

/// <summary>Words as typed.</summary>
/// <param name="Field">The field they must be in, as typed; null for any.</param>
/// <param name="Text">Not blank.</param>
/// <param name="IsPhrase">Whether they stood in quotes.</param>
/// <param name="IsPrefix">Whether the last one may go on.</param>
internal sealed record WordsNode(string? Field, string Text, bool IsPhrase, bool IsPrefix) : QueryNode;

/// <summary>Everything of it.</summary>
internal sealed record AndNode(IReadOnlyList<QueryNode> Parts) : QueryNode;

/// <summary>Any of it.</summary>
internal sealed record OrNode(IReadOnlyList<QueryNode> Parts) : QueryNode;

/// <summary>Everything but it.</summary>
internal sealed record NotNode(QueryNode Part) : QueryNode;
