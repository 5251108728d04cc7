namespace Archive.Storage.Metadata;

/// <summary>What a node said of itself.</summary>
/// <param name="Node">Its name, unique while it runs.</param>
/// <param name="Age">How long ago, by the database's clock.</param>
/// <param name="Json">What it said, one JSON object.</param>
public sealed record NodeReport(string Node, TimeSpan Age, string Json);

/// <summary>What nodes say of themselves, so that an operator who asks one sees all. May be lost in a crash of the database.</summary>
public interface INodeReportStore
{
    /// <summary>Replaces what the node said before, and forgets nodes that have said nothing for longer than a day.</summary>
    /// <param name="json">One JSON object.</param>
    Task ReportAsync(string node, string json, CancellationToken ct);

    /// <summary>What nodes said within a time, in order of name.</summary>
    Task<IReadOnlyList<NodeReport>> ListAsync(TimeSpan within, CancellationToken ct);
}
