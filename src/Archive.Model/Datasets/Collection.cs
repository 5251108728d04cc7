namespace Archive.Model.Datasets;

/// <summary>A named group of datasets with its own accession prefix and rules.</summary>
/// <param name="Id">The name used in addresses and in a page tab's <c>AttachTo</c>: letters, digits and hyphens, 64 at most.</param>
/// <param name="Title">The name shown to people.</param>
/// <param name="Description">One or two sentences.</param>
/// <param name="AccessionPrefix">The part before the number of accessions minted here, such as <c>S-BIAR</c>.</param>
public sealed record Collection(string Id, string Title, string Description, string AccessionPrefix);
