namespace Archive.Model.PageTab;

/// <summary>A dataset in the exchange format of BioStudies: attributes of the submission and a tree of sections.</summary>
/// <param name="Accession">The accession that the document names; reported, not obeyed. Null when it names none.</param>
/// <param name="Attributes">Attributes of the submission itself: Title, ReleaseDate, AttachTo, RootPath …</param>
/// <param name="Section">The root section; null when the document has none.</param>
public sealed record PageTabDocument(string? Accession, IReadOnlyList<PageTabAttribute> Attributes, PageTabSection? Section);

/// <summary>A node of the tree.</summary>
/// <param name="Accession">Its identifier inside the document, or null. Real documents repeat them.</param>
/// <param name="Type">What it describes: Study, Author, Biosample, Study Component … Spelling drifts between templates.</param>
/// <param name="Attributes">In document order; names may repeat.</param>
/// <param name="Files">Files given inline, each alone or as rows of tables.</param>
/// <param name="Links">Links, each alone or as rows of tables.</param>
/// <param name="Subsections">Children, each alone or as rows of tables.</param>
public sealed record PageTabSection(
    string? Accession,
    string Type,
    IReadOnlyList<PageTabAttribute> Attributes,
    IReadOnlyList<PageTabEntry<PageTabFile>> Files,
    IReadOnlyList<PageTabEntry<PageTabLink>> Links,
    IReadOnlyList<PageTabEntry<PageTabSection>> Subsections);

/// <summary>One place in a list of files, links or subsections: a single item or a table of them.</summary>
/// <param name="Items">The item, or the rows of the table in order.</param>
/// <param name="IsTable">Whether the document had an array here; kept so that it is given back as one.</param>
public sealed record PageTabEntry<T>(IReadOnlyList<T> Items, bool IsTable);

/// <summary>A name and a value.</summary>
/// <param name="Name">Not blank.</param>
/// <param name="Value">Null when the document gave none.</param>
/// <param name="Reference">Whether the value is the accession of another section.</param>
/// <param name="NameQualifiers">Qualifiers of the name (<c>nmqual</c>).</param>
/// <param name="ValueQualifiers">Qualifiers of the value (<c>valqual</c>), such as an ontology id.</param>
public sealed record PageTabAttribute(
    string Name,
    string? Value,
    bool Reference,
    IReadOnlyList<PageTabQualifier> NameQualifiers,
    IReadOnlyList<PageTabQualifier> ValueQualifiers);

/// <summary>A qualifier of an attribute.</summary>
public sealed record PageTabQualifier(string Name, string? Value);

/// <summary>A file named by the document.</summary>
/// <param name="Path">As sent; not yet checked.</param>
/// <param name="LengthBytes">The declared size, or null.</param>
/// <param name="Type"><c>file</c> or <c>directory</c>.</param>
/// <param name="Attributes">In document order.</param>
public sealed record PageTabFile(string Path, long? LengthBytes, string Type, IReadOnlyList<PageTabAttribute> Attributes);

/// <summary>A link named by the document.</summary>
/// <param name="Url">An address or an identifier whose kind the attribute Type gives; not yet checked.</param>
/// <param name="Attributes">In document order.</param>
public sealed record PageTabLink(string Url, IReadOnlyList<PageTabAttribute> Attributes);
