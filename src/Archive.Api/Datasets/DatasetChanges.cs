using Archive.Api.Http;
using Archive.Model.Datasets;

namespace Archive.Api.Datasets;

/// <summary>A page of the enumeration.</summary>
/// <param name="Items">In the order of their changes.</param>
/// <param name="Next">The cursor of the next page; null on the last.</param>
/// <param name="Change">What to give as since= the next time, when every page was read.</param>
internal sealed record DatasetPage(IReadOnlyList<DatasetItem> Items, string? Next, long Change);

/// <summary>A public change. Of a dataset that is public no more, only its number is told, and why it was withdrawn.</summary>
/// <param name="Change">Order of public changes.</param>
/// <param name="Kind">
/// What the newest change of the dataset was: Created (public from its first version on), Released (after an embargo), Revised, Updated (its
/// release date, say), Withdrawn, or Gone (taken back without having been withdrawn). Earlier ones since the last look are not listed.
/// </param>
/// <param name="Accession">The dataset.</param>
/// <param name="State">Released; Withdrawn for a tombstone, also of a dataset that went back under embargo.</param>
/// <param name="ChangedAt">When it happened (UTC).</param>
/// <param name="Version">The newest version; null for a tombstone.</param>
/// <param name="Title">Null for a tombstone.</param>
/// <param name="Collection">Null for a tombstone.</param>
/// <param name="ReleaseDate">When it became public (UTC); null for a tombstone.</param>
/// <param name="FileCount">Files of the newest version; null for a tombstone.</param>
/// <param name="TotalBytes">Their bytes; null for a tombstone.</param>
/// <param name="Reason">Why it was withdrawn; null where none was given, and for all others.</param>
/// <param name="WithdrawnAt">When it was withdrawn (UTC); null for all others.</param>
/// <param name="Links">Where the dataset is read; null for a tombstone.</param>
internal sealed record DatasetItem(long Change, ChangeKind? Kind, Accession Accession, DatasetState State, DateTimeOffset? ChangedAt, int? Version, string? Title,
    string? Collection, DateTimeOffset? ReleaseDate, long? FileCount, long? TotalBytes, string? Reason, DateTimeOffset? WithdrawnAt, DatasetLinks? Links)
{
    public static DatasetItem Of(Dataset dataset, BaseAddress address)
    {
        var tombstone = new DatasetItem(dataset.Change, dataset.ChangeKind, dataset.Accession, DatasetState.Withdrawn, dataset.ChangedAt, null, null, null, null, null, null, null, null, null);
        return dataset.State switch
        {
            DatasetState.Released => tombstone with
            {
                State = DatasetState.Released,
                Version = dataset.Latest.Number,
                Title = dataset.Title,
                Collection = dataset.Collection,
                ReleaseDate = dataset.ReleaseDate,
                FileCount = dataset.Latest.FileCount,
                TotalBytes = dataset.Latest.TotalBytes,
                Links = DatasetLinks.Of(dataset.Accession, address),
            },
            DatasetState.Withdrawn => tombstone with { Reason = dataset.WithdrawalReason, WithdrawnAt = dataset.WithdrawnAt },
            _ => tombstone,
        };
    }
}

/// <summary>Where a dataset is read.</summary>
/// <param name="Page">Its page.</param>
/// <param name="Dataset">Its head.</param>
/// <param name="PageTab">The metadata of its newest version.</param>
/// <param name="Files">The files of its newest version.</param>
internal sealed record DatasetLinks(string Page, string Dataset, string PageTab, string Files)
{
    public static DatasetLinks Of(Accession accession, BaseAddress address)
    {
        var api = address.To($"/api/datasets/{accession}");
        return new(address.To($"/datasets/{accession}"), api, api + "/pagetab.json", api + "/files");
    }
}
