using Archive.Api.Running;
using Archive.Indexer;
using Archive.Model.Search;

namespace Archive.Api.Pages;

/// <summary>
/// Which index answers now, for the foot of every page. The index is asked for only when the archive is ready: the pages that are
/// shown before have to do without it.
/// </summary>
internal sealed class IndexFreshness(Readiness readiness, IServiceProvider services)
{
    /// <summary>The index; null while none is open.</summary>
    public IndexStamp? Stamp => readiness.IsReady ? services.GetRequiredService<ISearchIndex>().Describe()?.Stamp : null;
}
