using Archive.Indexer.Generations;

namespace Archive.Indexer.Searching;

/// <summary>
/// The datasets that have a term anywhere. Looked up where it is evaluated: beside rarer parts only the datasets that those leave
/// are scored.
/// </summary>
internal sealed class TermNode(IndexSnapshot snapshot, Bm25 bm25, string term, int frequency) : DatasetNode
{
    private readonly double idf = bm25.Idf(frequency);

    /// <inheritdoc/>
    public override int Estimate => frequency;

    /// <inheritdoc/>
    public override Matches Evaluate(int segment)
    {
        var own = snapshot.Segments[segment];
        var text = own.Generation.Text;
        var number = text.Find(term);
        if (number < 0) return Matches.None;
        var matches = new Matches(text.DocumentFrequency(number));
        for (var walk = text.Walk(number); walk.MoveNext();)
            if (own.IsLive(walk.Document))
                matches.Add(walk.Document, Bm25.Score(idf, walk.Frequency));
        return matches;
    }

    /// <inheritdoc/>
    public override Matches Narrow(int segment, Matches within)
    {
        var text = snapshot.Segments[segment].Generation.Text;
        var number = text.Find(term);
        if (number < 0) return Matches.None;
        var datasets = within.Datasets;
        var matches = new Matches(datasets.Length);
        var walk = text.Walk(number);
        for (var i = 0; i < datasets.Length && walk.MoveTo(datasets[i]); i++)
            if (walk.Document == datasets[i])
                matches.Add(walk.Document, Matches.Sum(within.Scores[i], Bm25.Score(idf, walk.Frequency)));
        return matches;
    }
}
