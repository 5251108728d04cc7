namespace Archive.Indexer.Query;

/// <summary>A query as it was read.</summary>
/// <param name="Root">What is asked for; null when it is nothing in particular.</param>
/// <param name="Notes">What could not be read as written; the compiler adds what could not be looked up.</param>
internal sealed record ParsedQuery(QueryNode? Root, QueryNotes Notes);
