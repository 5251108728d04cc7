using Archive.Indexer;
using Archive.Indexer.Building;
using Archive.Indexer.Publishing;
using Archive.Model.Datasets;
using Archive.Model.Search;

namespace Archive.Api.Indexing;

/// <summary>State of the index, as this node has it and as all nodes say.</summary>
/// <param name="Stamp">What answers carry; null while nothing is open.</param>
/// <param name="Datasets">Datasets that can be found.</param>
/// <param name="Files">Files in what is searched, those of cut datasets too.</param>
/// <param name="GenerationBytes">Size of the main generation.</param>
/// <param name="DeltaDatasets">Datasets that came since it was built.</param>
/// <param name="DeltaFiles">Their files.</param>
/// <param name="DeltaBytes">Size of what was added for them.</param>
/// <param name="CutDatasets">Datasets of the main generation and of what was added that are withdrawn, no longer public or replaced.</param>
/// <param name="MaskedChange">What was withdrawn up to this change is hidden.</param>
/// <param name="Sections">Parts of the main generation with their sizes.</param>
/// <param name="Kept">Generations on this node's disk, newest first.</param>
/// <param name="Published">Generations that nodes fetch; the first is what they are to answer from.</param>
/// <param name="Running">What is being done to the index on any node, with its progress.</param>
/// <param name="Last">How each kind of work ended last on this node.</param>
/// <param name="Checks">What the last verification on this node found; null before the first.</param>
/// <param name="Nodes">What each node answers from; those that said nothing for a minute are left out.</param>
internal sealed record IndexReport(
    IndexStamp? Stamp, int Datasets, long Files, long GenerationBytes, int DeltaDatasets, long DeltaFiles, long DeltaBytes, int CutDatasets, long MaskedChange,
    IReadOnlyList<IndexSection> Sections, IReadOnlyList<string> Kept, IReadOnlyList<GenerationManifest> Published, IReadOnlyList<NodeWork> Running,
    IReadOnlyList<IndexWorkDone> Last, IReadOnlyList<GenerationCheck>? Checks, IReadOnlyList<IndexNode> Nodes)
{
    /// <summary>Public datasets that cannot be found since they could not be read when the index was built; the log says why.</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];
}

/// <summary>Work under way on a node.</summary>
/// <param name="Node">The node.</param>
/// <param name="Kind">build (what changed), rebuild (all), dataset, fetch or verify.</param>
/// <param name="Subject">The dataset or generation; null for all.</param>
/// <param name="StartedAt">When it began (UTC).</param>
/// <param name="Done">How far it is: datasets of a build, bytes of a fetch, sections of a verification.</param>
/// <param name="Total">Of how many; 0 while it is not known.</param>
internal sealed record NodeWork(string Node, string Kind, string? Subject, DateTimeOffset StartedAt, long Done, long Total);

/// <summary>What a node answers from.</summary>
/// <param name="Node">Machine and process.</param>
/// <param name="Roles">What it does.</param>
/// <param name="Generation">The main generation; null while nothing is open.</param>
/// <param name="NewestChange">Every public change up to this number is in its answers.</param>
/// <param name="NewestAccession">The dataset that was released or revised last of those that it finds.</param>
/// <param name="DeltaDatasets">Datasets that came since its generation was built.</param>
/// <param name="Running">What it is doing to the index.</param>
/// <param name="SecondsAgo">When it said so, in seconds before this answer.</param>
internal sealed record IndexNode(
    string Node, string Roles, string? Generation, long NewestChange, Accession? NewestAccession, int DeltaDatasets, IReadOnlyList<IndexWork> Running, double SecondsAgo);
