using System.Buffers;
using System.Globalization;
using Archive.Model.Submissions;

namespace Archive.Model.PageTab;

/// <summary>
/// Finds what a form of page tab cannot say, before the first byte of it is written: nothing is left out in silence. A document that was
/// read can always be JSON and TSV; XML has no way to write most control characters.
/// </summary>
public static class PageTabOutput
{
    /// <summary>What is told of sections that stand too deep.</summary>
    internal const string TooDeepMessage = "Sections stand too deep in each other: as JSON the page tab may be nested 64 levels, which is some 30 sections. Real ones stand five deep.";

    // XML 1.0, 2.2: tab, newline and carriage return are the only control characters; NUL is in no form at all.
    private static readonly SearchValues<char> NotXml = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(c => (char)c).Where(c => c is not ('\t' or '\n' or '\r')), '\uFFFE', '\uFFFF']);

    /// <summary>What is told of a document with too many items.</summary>
    internal static string OverfullMessage(PageTabLimits limits) =>
        string.Create(CultureInfo.InvariantCulture, $"The page tab has more than {limits.MaxItems} items. Put files into a file list.");

    /// <summary>Everything that the form cannot say, with JSON paths; no finding when it can be written.</summary>
    public static ValidationReport FindInexpressible(PageTabDocument document, PageTabForm form)
    {
        ArgumentNullException.ThrowIfNull(document);
        var walk = new Walk(form == PageTabForm.Xml);
        walk.Look(document);
        return walk.Findings.ToReport();
    }

    private sealed class Walk(bool isXml)
    {
        public PageTabFindings Findings { get; } = new();

        public void Look(PageTabDocument document)
        {
            Text(document.Accession, "accno");
            Attributes(document.Attributes);
            if (document.Section is null) return;
            Findings.Place.Enter("section");
            Section(document.Section);
            Findings.Place.Leave();
        }

        private void Section(PageTabSection section)
        {
            Text(section.Accession, "accno");
            Name(section.Type, "type");
            Attributes(section.Attributes);
            Entries(section.Files, "files", file =>
            {
                if (file.Path.Length == 0) Findings.Error("name-inexpressible", "The file has no path.", "path");
                if (file.LengthBytes < 0) Findings.Error("name-inexpressible", "The size is negative.", "size");
                Text(file.Path, "path");
                Text(file.Type, "type");
                Attributes(file.Attributes);
            });
            Entries(section.Links, "links", link =>
            {
                Name(link.Url, "url");
                Attributes(link.Attributes);
            });
            Entries(section.Subsections, "subsections", Section);
        }

        private void Entries<T>(IReadOnlyList<PageTabEntry<T>> entries, string name, Action<T> look)
        {
            Findings.Place.Enter(name);
            Findings.Place.EnterElements();
            foreach (var entry in entries)
            {
                if (entry.Items.Count == 0) Findings.Error("table-empty", "The table has no row.");
                if (entry.IsTable) Findings.Place.EnterElements();
                foreach (var item in entry.Items)
                {
                    look(item);
                    if (entry.IsTable) Findings.Place.MoveOn();
                }
                if (entry.IsTable) Findings.Place.Leave();
                Findings.Place.MoveOn();
            }
            Findings.Place.Leave();
            Findings.Place.Leave();
        }

        private void Attributes(IReadOnlyList<PageTabAttribute> attributes)
        {
            Findings.Place.Enter("attributes");
            Findings.Place.EnterElements();
            foreach (var attribute in attributes)
            {
                Name(attribute.Name, "name");
                Text(attribute.Value, "value");
                Qualifiers(attribute.NameQualifiers, "nmqual");
                Qualifiers(attribute.ValueQualifiers, "valqual");
                Findings.Place.MoveOn();
            }
            Findings.Place.Leave();
            Findings.Place.Leave();
        }

        private void Qualifiers(IReadOnlyList<PageTabQualifier> qualifiers, string property)
        {
            if (qualifiers.Count == 0) return;
            Findings.Place.Enter(property);
            Findings.Place.EnterElements();
            foreach (var qualifier in qualifiers)
            {
                Name(qualifier.Name, "name");
                Text(qualifier.Value, "value");
                Findings.Place.MoveOn();
            }
            Findings.Place.Leave();
            Findings.Place.Leave();
        }

        private void Name(string text, string property)
        {
            if (string.IsNullOrWhiteSpace(text)) Findings.Error("name-inexpressible", "What must have a name, a type or an address has none.", property);
            Text(text, property);
        }

        private void Text(string? text, string property)
        {
            if (text is null) return;
            var at = isXml ? text.AsSpan().IndexOfAny(NotXml) : text.IndexOf('\0', StringComparison.Ordinal);
            if (at < 0) at = LoneSurrogate(text);
            if (at < 0) return;
            Findings.Error("character-inexpressible", string.Create(CultureInfo.InvariantCulture, $"The text has the character U+{(int)text[at]:X4} as its number {at + 1}, which {(isXml ? "XML has no way to write. Take JSON or TSV, or remove the character." : "no text can have.")}"), property);
        }

        private static int LoneSurrogate(string text)
        {
            for (var i = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length; i++)
            {
                if (!char.IsSurrogate(text[i])) continue;
                if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return i;
                i++;
            }
            return -1;
        }
    }
}
