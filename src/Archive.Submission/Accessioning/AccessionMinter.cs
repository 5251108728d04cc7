using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Storage.Metadata;

namespace Archive.Submissions.Accessioning;

/// <summary>Gives accessions: one sequence for each prefix, none given twice, gaps allowed.</summary>
public sealed class AccessionMinter(ICollectionStore collections)
{
    /// <summary>The next accession of a collection, durable when this returns. One that its caller then does not use is a gap.</summary>
    /// <exception cref="ArchiveException"><see cref="Problems.CollectionUnknown"/>.</exception>
    public async Task<Accession> MintAsync(string collection, CancellationToken ct)
    {
        var prefix = (await collections.ReadAsync(ct)).RulesOf(collection).AccessionPrefix
            ?? throw new ArchiveException(Problems.CollectionUnknown, $"There is no collection '{collection}'.");
        return Accession.From(prefix, await collections.MintAsync(prefix, ct));
    }
}
