using Archive.Indexer.Columns;
using Archive.Indexer.Generations;

namespace Archive.Indexer.Searching;

/// <summary>A query for datasets whose words have been looked up in every segment.</summary>
internal abstract class DatasetNode
{
    /// <summary>The datasets of a segment that it finds.</summary>
    public abstract Matches Evaluate(int segment);

    /// <summary>How many datasets it finds in all segments at most, as far as is known beforehand.</summary>
    public virtual int Estimate => int.MaxValue;

    /// <summary>Those of some datasets of a segment that it finds too, with both scores.</summary>
    public virtual Matches Narrow(int segment, Matches within) => Matches.And(within, Evaluate(segment));
}

/// <summary>What a word, phrase, prefix or facet value finds in each segment.</summary>
internal sealed class FoundNode(Matches[] bySegment) : DatasetNode
{
    /// <inheritdoc/>
    public override int Estimate => bySegment.Sum(m => m.Count);

    /// <summary>The datasets of bitmaps, one for each segment; each counts 1.</summary>
    public static FoundNode Constant(ulong[][] bitmaps) => new([.. bitmaps.Select(bits =>
    {
        var matches = new Matches(Bits.Count(bits));
        for (var dataset = Bits.Next(bits, 0); dataset >= 0; dataset = Bits.Next(bits, dataset + 1)) matches.Add(dataset, Bm25.One);
        return matches;
    })]);

    public override Matches Evaluate(int segment) => bySegment[segment];
}

/// <summary>Every dataset, none ranked above another.</summary>
internal sealed class EverythingNode(IndexSnapshot snapshot) : DatasetNode
{
    public override Matches Evaluate(int segment)
    {
        var live = snapshot.Segments[segment].Live;
        var all = new Matches(snapshot.Segments[segment].LiveCount);
        for (var dataset = Bits.Next(live, 0); dataset >= 0; dataset = Bits.Next(live, dataset + 1)) all.Add(dataset, 0);
        return all;
    }
}

/// <summary>All of the parts, and none of the excluded ones; optional ones add to the score.</summary>
internal sealed class AllOfNode(IReadOnlyList<DatasetNode> parts, IReadOnlyList<DatasetNode> excluded, IReadOnlyList<DatasetNode> optional) : DatasetNode
{
    public override Matches Evaluate(int segment)
    {
        // The rarest first: the others are looked at only where it is.
        var ordered = parts.OrderBy(p => p.Estimate).ToList();
        var found = ordered[0].Evaluate(segment);
        for (var i = 1; i < ordered.Count && found.Count > 0; i++) found = ordered[i].Narrow(segment, found);
        foreach (var part in excluded) found = Matches.AndNot(found, part.Evaluate(segment));
        foreach (var part in optional) found = Matches.AndMaybe(found, part.Evaluate(segment));
        return found;
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

/// <summary>A part whose score is multiplied.</summary>
internal sealed class BoostedNode(DatasetNode part, double factor) : DatasetNode
{
    public override Matches Evaluate(int segment) => Matches.Scale(part.Evaluate(segment), factor);
}
