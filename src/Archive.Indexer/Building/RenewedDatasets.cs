using Archive.Model.Datasets;

namespace Archive.Indexer.Building;

/// <summary>
/// Datasets that an operator had made anew, each with the time: what a generation whose build began before has of them is out of date, whatever
/// their change. Never modified.
/// </summary>
internal sealed class RenewedDatasets(IReadOnlyDictionary<Accession, DateTimeOffset> times)
{
    /// <summary>None.</summary>
    public static readonly RenewedDatasets None = new(new Dictionary<Accession, DateTimeOffset>());

    /// <summary>When each was renewed last.</summary>
    public IReadOnlyDictionary<Accession, DateTimeOffset> Times => times;

    /// <summary>Whether what was built from then on is needed.</summary>
    public bool IsRenewed(Accession accession, DateTimeOffset builtAt) => times.TryGetValue(accession, out var at) && at > builtAt;

    /// <summary>Those that a generation has an old state of.</summary>
    public IEnumerable<Accession> Since(DateTimeOffset builtAt) => times.Where(t => t.Value > builtAt).Select(t => t.Key);

    /// <summary>These and one more.</summary>
    public RenewedDatasets With(Accession accession, DateTimeOffset at) => new(new Dictionary<Accession, DateTimeOffset>(times) { [accession] = at });

    /// <summary>Whether both have the same datasets and times.</summary>
    public bool IsSame(RenewedDatasets other) =>
        times.Count == other.Times.Count && times.All(t => other.Times.TryGetValue(t.Key, out var at) && at == t.Value);
}
