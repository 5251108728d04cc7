using Archive.Indexer.Generations;

namespace Archive.Indexer.Building;

/// <summary>What a build or an update did.</summary>
/// <param name="Generation">The main generation that answers.</param>
/// <param name="Datasets">Datasets that can be found.</param>
/// <param name="NewestChange">Every change up to this one can be found.</param>
/// <param name="GenerationBytes">Size of the main generation.</param>
public sealed record IndexBuild(string Generation, int Datasets, long NewestChange, long GenerationBytes)
{
    /// <summary>Datasets that a build took over from the generation before as they were.</summary>
    public int Reused { get; init; }

    /// <summary>Public datasets that could not be read and are missing.</summary>
    public int LeftOut { get; init; }

    /// <summary>What answers, told in the same words.</summary>
    internal static IndexBuild Of(IndexSnapshot snapshot) => new(
        snapshot.Stamp.Generation, snapshot.LiveCount, snapshot.Stamp.NewestChange, snapshot.Segments[0].Generation.LengthBytes);
}
