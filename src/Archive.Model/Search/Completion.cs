namespace Archive.Model.Search;

/// <summary>How what is being typed could go on.</summary>
/// <param name="Text">The word, title or value.</param>
/// <param name="Kind"><c>word</c>, <c>title</c>, or the facet that the value is of, such as <c>organism</c>.</param>
/// <param name="Query">The query that looks for it, with the words typed before a completed word.</param>
public sealed record Completion(string Text, string Kind, string Query);

/// <summary>How what is being typed could go on: values first, then words, then titles.</summary>
/// <param name="Items">Only what public datasets have; the most frequent first in each kind.</param>
/// <param name="Index">Which index answered.</param>
public sealed record CompletionPage(IReadOnlyList<Completion> Items, IndexStamp Index);

/// <summary>Datasets like another.</summary>
/// <param name="Items">The likest first, the other itself not among them; empty where the index does not have the other.</param>
/// <param name="Terms">The words that told most of the other, which the items were found with, as they are indexed.</param>
/// <param name="Index">Which index answered.</param>
public sealed record SimilarDatasets(IReadOnlyList<DatasetHit> Items, IReadOnlyList<string> Terms, IndexStamp Index);
