using System.Security.Cryptography;
using System.Text;
using Archive.Model.Errors;
using Archive.Model.Files;
using Archive.Model.PageTab;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.Drafts;
using Archive.Submissions.Revisions;

namespace Archive.Submissions.TextMetadata;

/// <summary>
/// Lists what the text files of a draft's version propose for its page tab, and takes the depositor's word on each. Who may touch the
/// draft is for the caller to judge.
/// </summary>
/// <param name="drafts">Where drafts are kept.</param>
/// <param name="next">The files of the version that a draft makes.</param>
/// <param name="cache">What was read before.</param>
/// <param name="options">Bounds of a page tab.</param>
/// <param name="limits">Bounds of reading.</param>
public sealed class ProposalDesk(
    IDraftStore drafts, NextFiles next, ReadingCache cache, DraftOptions options, TextMetadataLimits limits)
{
    /// <summary>How many proposals one request may accept or drop.</summary>
    public const int MaxDecisions = 1_000;

    // As many as one draft can have proposals, so that none is forgotten while its file stands; older ones give way.
    private const int MaxDropped = 5_000;
    private const int MaxStanding = 10;
    private const int MaxRaces = 20;

    /// <summary>Everything that is proposed, what was accepted and dropped included. Reads all names of the draft's files, and those text files that it has not read before.</summary>
    public async Task<ProposalList> FindAsync(Draft draft, CancellationToken ct)
    {
        var notes = new FindingList();
        var from = await next.OpenAsync(draft, ct);
        var known = await KnownAsync(from, notes, ct);
        var found = new List<(string Id, string Parser, FoundValue Value)>();
        foreach (var parser in TextMetadataParsers.All)
        {
            var files = known[parser].ToList();
            IEnumerable<IReadOnlyList<NextFile>> readings = parser.ReadsTogether ? files.Count == 0 ? [] : [files] : files.Select(f => new[] { f });
            foreach (var reading in readings) await AddAsync(parser, from, reading, found, notes, ct);
        }
        found = await PresentOnlyAsync(from, found, notes, ct);
        if (found.Count > limits.MaxValues)
        {
            notes.Warn("metadata-values-too-many", "$", $"{found.Count - limits.MaxValues} proposals above {limits.MaxValues} are left out.");
            found.RemoveRange(limits.MaxValues, found.Count - limits.MaxValues);
        }
        var dropped = draft.DroppedProposals.ToHashSet(StringComparer.Ordinal);
        var look = new PageTabLook(await DraftPageTab.ReadAsync(drafts, draft.Id, ct));
        return new(
            [.. found.DistinctBy(f => f.Id, StringComparer.Ordinal).Select(f => new Proposal(
                f.Id, f.Parser, f.Value with { Place = f.Value.Place with { Attribute = look.AttributeFor(f.Value), Otherwise = null } },
                look.Holds(f.Value) ? ProposalState.Accepted : dropped.Contains(f.Id) ? ProposalState.Dropped : ProposalState.Proposed,
                [.. look.Standing(f.Value).Take(MaxStanding)]) { Original = f.Value })],
            notes.ToReport(), known.Sum(k => k.Count()));
    }

    /// <summary>
    /// Puts accepted proposals into the page tab, all or none, and then remembers the dropped ones. When it is cut in between, its repetition
    /// does the rest; a repetition of what was done changes nothing. What was dropped may be accepted later. Dropping what was accepted
    /// leaves the page tab as it is.
    /// </summary>
    /// <param name="revision">The revision of the draft that must still stand at the first write, or null for whatever stands.</param>
    /// <returns>The draft, with a new revision when anything changed.</returns>
    /// <exception cref="ArchiveException">
    /// <see cref="Problems.PageTabTooLarge"/> or <see cref="Problems.Unprocessable"/>, both with the fact <c>findings</c>: nothing is stored
    /// then. <see cref="Problems.DraftNotFound"/>, <see cref="Problems.DraftSealed"/>, <see cref="Problems.PreconditionFailed"/> or
    /// <see cref="Problems.Conflict"/>: nothing is stored either, or, when it came between the two writes, what was accepted.
    /// </exception>
    public async Task<Draft> DecideAsync(DraftId id, IReadOnlyList<string> accept, IReadOnlyList<string> drop, long? revision, CancellationToken ct)
    {
        var draft = DraftDesk.Accepts(await drafts.FindAsync(id, ct), revision);
        var proposals = (await FindAsync(draft, ct)).Items;
        var byId = proposals.ToDictionary(p => p.Id, StringComparer.Ordinal);
        Require(byId, accept, drop);
        var accepted = accept.Distinct(StringComparer.Ordinal).Select(a => byId[a].Original).ToList();
        var stored = await AcceptAsync(draft, new PageTabEdit(proposals.Select(p => p.Original)), accepted, revision, ct);
        // Once the page tab is written the named revision has done its part: another edit that comes between is no reason to stop halfway.
        return await DropAsync(stored, accept, drop, stored.Revision == draft.Revision ? revision : null, ct);
    }

    private async Task<Draft> AcceptAsync(Draft draft, PageTabEdit edit, IReadOnlyList<FoundValue> accepted, long? revision, CancellationToken ct)
    {
        for (var race = 0; race < MaxRaces; race++)
        {
            using var text = await EditedAsync(draft.Id, edit, accepted, ct);
            if (text is null) return draft;
            if (await drafts.TryWritePageTabAsync(draft, text, ct) is { } stored) return stored;
            draft = DraftDesk.Accepts(await drafts.FindAsync(draft.Id, ct), revision);
        }
        throw TooManyRaces();
    }

    private async Task<Draft> DropAsync(Draft draft, IReadOnlyList<string> accept, IReadOnlyList<string> drop, long? revision, CancellationToken ct)
    {
        for (var race = 0; race < MaxRaces; race++)
        {
            var dropped = draft.DroppedProposals.Except(accept, StringComparer.Ordinal).Union(drop, StringComparer.Ordinal).TakeLast(MaxDropped).ToList();
            if (dropped.SequenceEqual(draft.DroppedProposals, StringComparer.Ordinal)) return draft;
            if (await drafts.TryReplaceAsync(draft with { DroppedProposals = dropped }, ct) is { } stored) return stored;
            draft = DraftDesk.Accepts(await drafts.FindAsync(draft.Id, ct), revision);
        }
        throw TooManyRaces();
    }

    /// <summary>The page tab with the values in it, checked; null when it holds them all already.</summary>
    private async Task<PageTabText?> EditedAsync(DraftId id, PageTabEdit edit, IReadOnlyList<FoundValue> accepted, CancellationToken ct)
    {
        if (accepted.Count == 0) return null;
        var before = await DraftPageTab.ReadAsync(drafts, id, ct);
        var after = before;
        foreach (var value in accepted) after = edit.Accept(after, value);
        if (after is null || ReferenceEquals(after, before)) return null;
        var text = PageTabText.Of(after);
        try
        {
            DraftDesk.Check(text, options);
            var kept = text;
            text = null;
            return kept;
        }
        finally
        {
            text?.Dispose();
        }
    }

    private static ArchiveException TooManyRaces() => new(Problems.Conflict, "The draft changes faster than it can be written.");

    private static void Require(Dictionary<string, Proposal> byId, IReadOnlyList<string> accept, IReadOnlyList<string> drop)
    {
        var findings = new FindingList();
        if (accept.Count + drop.Count > MaxDecisions)
            findings.Error("proposals-too-many", "$", $"One request may accept and drop {MaxDecisions} proposals: send several.");
        else
            foreach (var (list, name) in new[] { (accept, "accept"), (drop, "drop") })
                for (var i = 0; i < list.Count; i++)
                    if (list[i] is not { } id || !byId.ContainsKey(id))
                        findings.Error("proposal-unknown", $"$.{name}[{i}]", "There is no such proposal: its file was changed or removed. Read the proposals again.");
        foreach (var both in accept.Intersect(drop, StringComparer.Ordinal).Take(MaxDecisions))
            findings.Error("proposal-twice", "$", $"The proposal '{(both is { Length: > 30 } ? both[..30] : both)}' is accepted and dropped at once.");
        if (!findings.HasErrors) return;
        var report = findings.ToReport();
        throw new ArchiveException(Problems.Unprocessable, report.Findings[0].Message,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["findings"] = report.Findings, ["omitted"] = report.Omitted });
    }

    /// <summary>The files that a parser knows, bounded.</summary>
    private async Task<ILookup<ITextMetadataParser, NextFile>> KnownAsync(NextFileSet from, FindingList notes, CancellationToken ct)
    {
        var found = new List<(ITextMetadataParser Parser, NextFile File)>();
        var leftOut = 0L;
        var bytes = 0L;
        string? first = null;
        await foreach (var file in from.ListPresentAsync(ct))
        {
            if (TextMetadataParsers.All.FirstOrDefault(p => p.Knows(file.Path)) is not { } parser) continue;
            var length = Math.Min(file.LengthBytes, parser.MaxBytes);
            if (found.Count >= limits.MaxFiles || bytes + length > limits.MaxBytesInAll)
            {
                leftOut++;
                first ??= file.Path.Value;
                continue;
            }
            bytes += length;
            found.Add((parser, file));
        }
        if (leftOut > 0)
            notes.Warn("metadata-files-too-many", first!, $"{leftOut} text files, this one first, are not read: at most {limits.MaxFiles} files and {limits.MaxBytesInAll} bytes of a draft are.");
        return found.ToLookup(f => f.Parser, f => f.File);
    }

    private async Task AddAsync(
        ITextMetadataParser parser, NextFileSet from, IReadOnlyList<NextFile> files, List<(string Id, string Parser, FoundValue Value)> found, FindingList notes, CancellationToken ct)
    {
        var key = KeyOf(parser, files);
        var reading = cache.Find(key);
        if (reading is null)
        {
            var collector = new MetadataCollector(limits);
            try
            {
                await parser.ReadAsync([.. files.Select(f => new TextFile(f.Path, async open => await from.OpenAsync(f, open)))], collector, ct);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                notes.Warn("metadata-file-changed", files[0].Path.Value, "The file was replaced or removed while it was read. Ask again.");
                return;
            }
            reading = collector.ToReading();
            cache.Keep(key, reading);
        }
        notes.Add(reading.Notes);
        var digests = files.ToDictionary(f => f.Path.Value, f => f.Digests.Sha256, StringComparer.Ordinal);
        foreach (var value in reading.Values) found.Add((Proposal.IdOf(parser.Name, value, digests[value.Source.File.Value]), parser.Name, value));
    }

    // Rows that describe a file which is not there would make the page tab name a file that the dataset has not.
    private static async Task<List<(string Id, string Parser, FoundValue Value)>> PresentOnlyAsync(
        NextFileSet from, List<(string Id, string Parser, FoundValue Value)> found, FindingList notes, CancellationToken ct)
    {
        var wanted = found.Where(f => f.Value.Table is { IsOfFiles: true }).SelectMany(f => f.Value.Table!.Rows).Select(r => r.File!.Value).ToHashSet();
        if (wanted.Count == 0) return found;
        var present = await from.FindPresentAsync(wanted, ct);
        var kept = new List<(string Id, string Parser, FoundValue Value)>(found.Count);
        foreach (var (id, parser, value) in found)
        {
            if (value.Table is not { IsOfFiles: true } table)
            {
                kept.Add((id, parser, value));
                continue;
            }
            var rows = table.Rows.Where(r => present.Contains(r.File!.Value.MatchKey)).ToList();
            foreach (var row in table.Rows.Where(r => !present.Contains(r.File!.Value.MatchKey)))
                notes.Warn("metadata-target-missing", row.Source.ToString(), $"The file '{row.File}' that is described here is not among the files.");
            if (rows.Count == table.Rows.Count) kept.Add((id, parser, value));
            // Another set of rows is another proposal.
            else if (rows.Count > 0) kept.Add((Proposal.IdOf(parser, value with { Table = table with { Rows = rows } }, id), parser, value with { Table = table with { Rows = rows } }));
        }
        return kept;
    }

    private static string KeyOf(ITextMetadataParser parser, IReadOnlyList<NextFile> files)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files) digest.AppendData(Encoding.UTF8.GetBytes($"{file.Path.Value}\n{file.Digests.Sha256}\n"));
        return parser.Name + " " + Convert.ToHexStringLower(digest.GetHashAndReset());
    }
}
