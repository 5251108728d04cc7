using Archive.Model.Submissions;

namespace Archive.Model.PageTab;

/// <content>What the first row of a block begins.</content>
internal sealed partial class PageTabTsvReader
{
    private void BeginBlock(PageTabRow row)
    {
        header = row;
        properties.Clear();
        var isFirst = !isAnyBlock;
        isAnyBlock = true;
        var first = row.Cells[0];
        var name = first.Name;
        var word = name is null ? null : PageTabTsvNames.Block(name);
        if (word == PageTabTsvNames.Submission) BeginSubmission(row, isFirst);
        else if (isFirst && row.Count > MaxHeader)
        {
            // Some other table: what is wrong with each of its rows would help nobody.
            isNoPageTab = true;
            Error("submission-missing", row, "This is another table than a page tab, which begins with a block 'Submission'. A file list is uploaded as a file of the draft.");
        }
        else
        {
            if (isFirst) Error("submission-missing", row, "The document must begin with a block 'Submission': that word, a tab and the accession if there is one, then attributes.");
            switch (word)
            {
                case "File": BeginFile(row); break;
                case "Link": BeginLink(row); break;
                case "Files": BeginTable(PageTabTsvTable.OfFiles(this, row, Owner(row))); break;
                case "Links": BeginTable(PageTabTsvTable.OfLinks(this, row, Owner(row))); break;
                default: BeginSection(row, name, first.IsQuoted); break;
            }
        }
    }

    private void BeginSubmission(PageTabRow row, bool isFirst)
    {
        if (!isFirst) Error("submission-repeated", row, "A second block 'Submission': a document describes one. Remove it, or give the section another type.");
        ExpectWidth(row, 2, "the accession");
        var isTaken = submission is null && isFirst;
        if (isTaken) accession = Cell(row, 1).Name;
        endBlock = () =>
        {
            var own = lines.Take();
            if (isTaken) submission = own;
            RefuseProperties();
        };
    }

    private void BeginFile(PageTabRow row)
    {
        ExpectWidth(row, 2, "its path");
        var owner = Owner(row);
        var path = Cell(row, 1).Name;
        if (string.IsNullOrEmpty(path)) Error("file-path-missing", row, "The file has no path: write it behind 'File' and a tab.");
        endBlock = () => EndFile(path, owner);
    }

    private void BeginLink(PageTabRow row)
    {
        ExpectWidth(row, 2, "its address");
        var owner = Owner(row);
        var url = Cell(row, 1).Name;
        if (string.IsNullOrWhiteSpace(url)) Error("link-url-missing", row, "The link has no address: write it behind 'Link' and a tab.");
        endBlock = () => EndLink(url, owner);
    }

    private void BeginTable(PageTabTsvTable begun)
    {
        table = begun;
        endBlock = () =>
        {
            if (table.Count == 0) Error("table-empty", header, "The table has no row. Write each thing in a row of its own below the header, or remove the header.");
            table = null;
        };
    }

    private void BeginSection(PageTabRow row, string? name, bool isQuoted)
    {
        if (name is not null && PageTabTsvNames.ReadType(name) == name && PageTabTsvNames.ReadTable(name) is { } of)
        {
            var (tableType, tableParent) = isQuoted ? of : (of.Type.Trim(), of.Parent.Trim());
            if (tree.Root is null) Error("section-missing", row, "A table of sections stands before the root section: begin with that, such as 'Study'.");
            var under = tableParent.Length == 0 ? tree.Root : Find(tableParent, row);
            BeginTable(PageTabTsvTable.OfSections(this, row, tableType, under, tree));
            return;
        }
        if (string.IsNullOrWhiteSpace(name))
            Error("section-type-missing", row, "The section has no type: begin its block with a word such as Study, Author or Study Component.");
        ExpectWidth(row, MaxHeader, "accession and parent");
        var section = new PageTabTsvSection(PageTabTsvNames.ReadType(name ?? ""), Cell(row, 1).Name);
        var parentName = Cell(row, 2).Name;
        var isRoot = tree.Root is null;
        // Found now: the section itself may have the accession of its parent.
        var parent = isRoot ? null : parentName is null ? tree.Root : Find(parentName, row);
        if (isRoot && parentName is not null)
            Error("section-parent-missing", row, "The first section is the root and has no parent: remove the third cell.");
        var isPlaced = false;
        endBlock = () =>
        {
            Place();
            section.Attributes = lines.Take();
        };
        if (isRoot) tree.Begin(section);

        void Place()
        {
            if (isPlaced) return;
            isPlaced = true;
            var under = parent;
            if (!isRoot && TakeLevel() is { } level) under = tree.LastAt(level - 1);
            var (isTable, isNext) = TakeTable();
            RefuseProperties();
            if (isRoot) return;
            if (under is not null && PutUnder(section, under, isTable, isNext)) return;
            // Its files and links, and sections below it, are read to find what else is wrong.
            section.Level = 0;
            tree.Begin(section);
        }
    }

    private bool PutUnder(PageTabTsvSection section, PageTabTsvSection under, bool isTable, bool isNext)
    {
        if (isNext && (under.Children.Count == 0 || !under.Children[^1].IsTable))
        {
            Error("property-invalid", header, "'{table}' is 'next', but the section before it at this place is no row of a table.");
            isNext = false;
        }
        if (!PageTabTsvTree.CanHold(under)) throw new PageTabTooDeepException(Place(header.First, header.Last));
        tree.Put(section, under, isTable, isNext);
        tree.Begin(section);
        return true;
    }

    private PageTabTsvSection? Find(string parent, PageTabRow row)
    {
        if (tree.Find(parent) is { } found) return found;
        if (missingParents.Add(parent) || missingParents.Count < FindingList.MaxKept)
            Error("section-parent-missing", row, $"No section before this one has the accession '{Short(parent)}'. Move the parent up, or correct the name.");
        return null;
    }

    private PageTabTsvSection? Owner(PageTabRow row)
    {
        if (tree.Root is null) Error("section-missing", row, "Files and links belong to a section, and none stands before: begin with the root section, such as 'Study'.");
        return tree.Current;
    }
}
