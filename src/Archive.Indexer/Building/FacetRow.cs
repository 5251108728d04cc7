using System.Globalization;
using System.Text;
using Archive.Indexer.Columns;
using Archive.Indexer.Facets;
using Archive.Indexer.Format;
using Archive.Model.Search;

namespace Archive.Indexer.Building;

/// <summary>Fills the columns of facets in the table of datasets.</summary>
internal sealed class FacetRow
{
    // A facet of datasets is read by people: an attribute of files with more values than this tells a dataset nothing.
    private const int MostValuesOfFiles = 200;

    private readonly TableBuilder table;
    private readonly FacetCatalogue facets;

    /// <summary>Declares a column for each facet that is not one number a dataset.</summary>
    public FacetRow(TableBuilder table, FacetCatalogue facets)
    {
        this.table = table;
        this.facets = facets;
        foreach (var facet in facets.All)
            if (facet.Number is null)
                table.DeclareColumn(facet.Name);
    }

    /// <summary>Gives the newest row what the document says.</summary>
    public void Add(SearchDocument document)
    {
        foreach (var given in document.Facets)
            if (facets.Find(given.Name) is { Number: null } facet && !facet.Sources[0].IsOfFiles)
                foreach (var value in given.Values)
                    Add(table.Rows - 1, facet, value);
        if (document.ReleaseDate is not { } date) return;
        foreach (var facet in facets.All)
            if (facet.Number is null && facet.Sources.Any(s => s.Kind == FacetSourceKind.Year))
                Add(table.Rows - 1, facet, date.Year.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Gives a row what its shelf says: so hits, facets and file tables never disagree.</summary>
    public void Add(int row, in Table shelf)
    {
        table.SetNumber(row, DatasetNumbers.Files, shelf.Rows);
        table.SetNumber(row, DatasetNumbers.Size, shelf.Number(0).Sum);
        foreach (var facet in facets.All)
        {
            if (facet.Number is not null) continue;
            foreach (var source in facet.Sources)
                switch (source.Kind)
                {
                    case FacetSourceKind.Format:
                        AddValues(row, facet, shelf.Column(0));
                        break;
                    case FacetSourceKind.Distinct when Find(shelf, source) is { } column:
                        Add(row, facet, column.Cardinality.ToString(CultureInfo.InvariantCulture));
                        break;
                    case FacetSourceKind.Values when Find(shelf, source) is { Cardinality: <= MostValuesOfFiles } column:
                        AddValues(row, facet, column);
                        break;
                }
        }
    }

    private static Column? Find(in Table shelf, FacetSource source) =>
        shelf.FindColumn(FrontCodedListWriter.Encode(source.Attribute!)) is >= 0 and var index && shelf.Column(index) is { Cardinality: > 0 } column ? column : null;

    private void AddValues(int row, FacetDefinition facet, in Column column)
    {
        for (var i = 0; i < column.Cardinality; i++) Add(row, facet, column.Values[i]);
    }

    private void Add(int row, FacetDefinition facet, string value)
    {
        if (FacetText.Of(facet.Type, value) is { } text) table.AddValue(row, facet.Name, text);
    }
}
