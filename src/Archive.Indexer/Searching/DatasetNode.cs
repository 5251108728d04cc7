using Archive.Indexer.Columns;
using Archive.Indexer.Generations;

namespace Archive.Indexer.Searching;

/// <summary>A query for datasets whose words have been looked up in every segment.</summary>
internal abstract class DatasetNode
{
    /// <summary>The datasets of a segment that it finds.</summary>
    public abstract Matches Evaluate(int segment);
}

/// <summary>What a word, phrase, prefix or facet value finds in each segment.</summary>
internal sealed class FoundNode(Matches[] bySegment) : DatasetNode
{
    public override Matches Evaluate(int segment) => bySegment[segment];
}

/// <summary>All of the parts, and none of the excluded ones.</summary>
internal sealed class AllOfNode(IReadOnlyList<DatasetNode> parts, IReadOnlyList<DatasetNode> excluded, IndexSnapshot snapshot) : DatasetNode
{
    public override Matches Evaluate(int segment)
    {
        var found = parts.Count == 0 ? Everything(segment) : parts[0].Evaluate(segment);
        for (var i = 1; i < parts.Count && found.Count > 0; i++) found = Matches.And(found, parts[i].Evaluate(segment));
        foreach (var part in excluded) found = Matches.AndNot(found, part.Evaluate(segment));
        return found;
    }

    private Matches Everything(int segment)
    {
        var live = snapshot.Segments[segment].Live;
        var all = new Matches(snapshot.Segments[segment].LiveCount);
        for (var dataset = Bits.Next(live, 0); dataset >= 0; dataset = Bits.Next(live, dataset + 1)) all.Add(dataset, 0);
        return all;
    }
}

/// <summary>Any of the parts.</summary>
internal sealed class AnyOfNode(IReadOnlyList<DatasetNode> parts) : DatasetNode
{
    public override Matches Evaluate(int segment)
    {
        var found = Matches.None;
        foreach (var part in parts) found = Matches.Or(found, part.Evaluate(segment));
        return found;
    }
}
