using Archive.Model.Files;
using Archive.Model.Submissions;

namespace Archive.Submissions.FileLists.Proposing;

/// <summary>What a file list is to be proposed from: a pattern of paths, or a separator with positions.</summary>
/// <param name="Name">The path of the list in the draft; it proposes nothing for itself.</param>
/// <param name="Pattern">See the documentation of the API; null with a separator.</param>
/// <param name="Separator">What file names are cut at; null with a pattern.</param>
/// <param name="Positions">Which part of a name is which attribute.</param>
/// <param name="Folder">Only files in this folder and below; null for all.</param>
/// <param name="Filter">Only files whose name, or with a <c>/</c> whose path, matches; null for all.</param>
/// <param name="Dimensions">The attributes that span the hypercube, in this order; null for all but one named <c>prefix</c>.</param>
public sealed record ProposalWish(
    string Name, string? Pattern, string? Separator, IReadOnlyList<NamePosition>? Positions, string? Folder, string? Filter, IReadOnlyList<string>? Dimensions);

/// <summary>A proposed row.</summary>
/// <param name="Path">The file.</param>
/// <param name="Attributes">Its attributes in column order.</param>
public sealed record ProposedRow(ArchivePath Path, IReadOnlyList<FileAttribute> Attributes);

/// <summary>A proposed file list.</summary>
/// <param name="Columns">Its columns behind the first.</param>
/// <param name="Files">Files that were looked at: in the folder, through the filter.</param>
/// <param name="Matched">How many have a row.</param>
/// <param name="Rows">The first rows.</param>
/// <param name="Hypercube">What the names span; null when a finding says why not.</param>
/// <param name="Unmatched">Files whose name the rule does not read, the first 1,000.</param>
/// <param name="UnmatchedOmitted">How many more there are.</param>
/// <param name="Findings">Warnings.</param>
public sealed record FileListProposal(
    IReadOnlyList<string> Columns, long Files, long Matched, IReadOnlyList<ProposedRow> Rows, HypercubeReport? Hypercube,
    IReadOnlyList<ArchivePath> Unmatched, long UnmatchedOmitted, IReadOnlyList<Finding> Findings);
