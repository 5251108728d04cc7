using Archive.Model.Datasets;

namespace Archive.Submissions.Revisions;

/// <summary>The version that a revision begins from.</summary>
/// <param name="Head">The dataset as it was when it was read.</param>
/// <param name="Version">The version's number.</param>
public sealed record RevisionBase(Dataset Head, int Version)
{
    /// <summary>Whether it still is the newest version: else another revision came first, and this one cannot be committed.</summary>
    public bool IsCurrent => Head.Latest.Number == Version;

    /// <summary>The code of the finding that says so.</summary>
    public const string MovedCode = "base-moved";

    /// <summary>What it says.</summary>
    public string MovedMessage => MovedMessageOf(Head.Accession, Version);

    /// <summary>The same, of a dataset.</summary>
    internal static string MovedMessageOf(Accession accession, int version) =>
        $"This revision began from version {version} of {accession}, which is no longer the newest: keep what you changed, delete the draft, and begin a revision of the newest version.";
}
