using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using Archive.Model.Errors;
using Archive.Model.Files;
using Archive.Model.Submissions;
using Archive.Submissions.Revisions;
using Archive.Submissions.Staging;

namespace Archive.Submissions.FileLists.Proposing;

/// <summary>
/// Proposes a file list from the names of a draft's files, in one pass over them. Changes nothing unless asked to store the list. Memory
/// is 24 bytes a file for the hypercube at most, whatever the number and length of names. In a revision the files that stay are
/// planes of the hypercube, and are not listed: the lists of the version before describe them.
/// </summary>
/// <param name="staging">Where a list is stored.</param>
public sealed class FileListProposer(StagingArea staging)
{
    private const int MaxListed = 1000;
    private const int FlushChars = 32 * 1024;

    /// <summary>Proposes a list.</summary>
    /// <param name="files">The files that the draft's version has.</param>
    /// <param name="rows">First rows that the answer holds.</param>
    /// <param name="tsv">Takes the whole list as TSV; null: nobody wants it. Stays open.</param>
    /// <exception cref="ArchiveException"><see cref="Problems.Unprocessable"/>: the wish is not sound, with everything that is wrong.</exception>
    public static Task<FileListProposal> ProposeAsync(NextFileSet files, ProposalWish wish, int rows, Stream? tsv, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(wish);
        return RunAsync(files, ProposalPlan.Read(wish), rows, tsv, requireMatch: false, ct);
    }

    /// <summary>Proposes a list and stores it in the draft, as if it had been uploaded.</summary>
    /// <param name="draft">Where the list goes.</param>
    /// <param name="files">The files that its version has.</param>
    /// <param name="mayReplace">Whether a file that stands at the list's path may be replaced.</param>
    /// <exception cref="ArchiveException">
    /// <see cref="Problems.Unprocessable"/>, also when no name matches; <see cref="Problems.FileStaged"/>: a file stands there already; or
    /// whatever keeps an upload from being received.
    /// </exception>
    public async Task<(FileListProposal Proposal, StagedFile Stored)> StoreAsync(
        DraftId draft, NextFileSet files, ProposalWish wish, int rows, bool mayReplace, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(wish);
        var plan = ProposalPlan.Read(wish);
        var pipe = new Pipe();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var receiving = ReceiveAsync(draft, plan.Name, pipe.Reader, Allows, stop);
        var proposing = FillAsync(pipe.Writer, tsv => RunAsync(files, plan, rows, tsv, requireMatch: true, stop.Token));
        await Task.WhenAll(receiving, proposing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // What the list could not be made for is the cause; that no list arrived only follows from it.
        if (proposing.IsFaulted) await proposing;
        var stored = await receiving;
        return (await proposing, stored);

        bool Allows(StagedFile? standing) => standing is null || mayReplace
            ? true
            : throw new ArchiveException(Problems.FileStaged, $"There is a file '{plan.Name}' in the draft already.");
    }

    private static async Task<FileListProposal> FillAsync(PipeWriter to, Func<Stream, Task<FileListProposal>> run)
    {
        try
        {
            var proposal = await run(to.AsStream(leaveOpen: true));
            await to.CompleteAsync();
            return proposal;
        }
        catch (Exception e)
        {
            await to.CompleteAsync(e);
            throw;
        }
    }

    private async Task<StagedFile> ReceiveAsync(DraftId draft, ArchivePath path, PipeReader from, Func<StagedFile?, bool> allows, CancellationTokenSource stop)
    {
        try
        {
            return await staging.ReceiveAsync(draft, path, from.AsStream(leaveOpen: true), null, DeclaredDigests.None, allows, stop.Token);
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
        finally
        {
            await from.CompleteAsync();
        }
    }

    private static async Task<FileListProposal> RunAsync(NextFileSet from, ProposalPlan plan, int rowCount, Stream? tsv, bool requireMatch, CancellationToken ct)
    {
        var fields = plan.Rule.Fields;
        string[] columns = [.. plan.Kept.Select(i => fields[i].Name)];
        var cube = plan.Dimensions.Length == 0 ? null : new Hypercube([.. plan.Dimensions.Select(i => fields[i])]);
        var (files, matched, rows, unmatched) = (0L, 0L, new List<ProposedRow>(), new List<ArchivePath>());
        var line = new StringBuilder().Append("Files\t").AppendJoin('\t', columns).Append('\n');
        var values = new string[fields.Count];
        Func<int, string> valueOf = i => values[plan.Dimensions[i]];
        await foreach (var (path, isListed) in ListAsync(from, plan, ct))
        {
            var isMatched = plan.Rule.TryRead(path.MatchKey, values);
            if (!isListed)
            {
                if (isMatched) cube?.Add(valueOf);
                continue;
            }
            files++;
            if (!isMatched)
            {
                if (unmatched.Count < MaxListed) unmatched.Add(path);
                continue;
            }
            matched++;
            cube?.Add(valueOf);
            if (rows.Count < rowCount) rows.Add(new(path, [.. plan.Kept.Select(i => new FileAttribute(fields[i].Name, values[i]))]));
            if (tsv is null) continue;
            line.Append(path.Value);
            foreach (var i in plan.Kept) line.Append('\t').Append(values[i]);
            if (line.Append('\n').Length >= FlushChars) await FlushAsync(line, tsv, ct);
        }
        if (requireMatch && matched == 0) throw NoMatch(files);
        if (tsv is not null) await FlushAsync(line, tsv, ct);
        var report = cube?.Report();
        return new(columns, files, matched, rows, report, unmatched, files - matched - unmatched.Count, Findings(plan, cube, report, matched));
    }

    private static async IAsyncEnumerable<(ArchivePath Path, bool IsListed)> ListAsync(NextFileSet files, ProposalPlan plan, [EnumeratorCancellation] CancellationToken ct)
    {
        var start = plan.Folder is { } folder ? folder.MatchKey + "/" : "";
        // The first key behind all keys of the folder.
        var end = start.Length == 0 ? null : start[..^1] + (char)('/' + 1);
        var own = plan.Name.MatchKey;
        await foreach (var file in files.ListAsync(plan.Folder, ct))
        {
            if (file.State == NextFileState.Removed) continue;
            var key = file.Path.MatchKey;
            if (end is not null && ArchivePath.Compare(key, end) >= 0) yield break;
            if (key.StartsWith(start, StringComparison.Ordinal) && key != own && plan.Filter?.Passes(key) != false) yield return (file.Path, file.State != NextFileState.Kept);
        }
    }

    private static async Task FlushAsync(StringBuilder lines, Stream to, CancellationToken ct)
    {
        await to.WriteAsync(Encoding.UTF8.GetBytes(lines.ToString()), ct);
        lines.Clear();
    }

    private static List<Finding> Findings(ProposalPlan plan, Hypercube? cube, HypercubeReport? report, long matched)
    {
        var findings = new FindingList();
        if (matched == 0) findings.Warn("names-unmatched", "pattern", "No name is of this form.");
        else if (cube is null && plan.Kept.Length > 0) findings.Warn("dimensions-unchosen", "dimensions", $"A hypercube has 1 to {Hypercube.MaxDimensions} dimensions: name them.");
        else if (cube?.Fault is { } fault) findings.Warn("dimensions-unfit", "dimensions", fault);
        if (report is { FilesRepeated: > 0 })
            findings.Warn("planes-repeated", "dimensions", $"{report.FilesRepeated} files are of planes that another file has already: a dimension is missing from the rule, or files are double.");
        return [.. findings.ToReport().Findings];
    }

    private static ArchiveException NoMatch(long files) => new(Problems.Unprocessable, $"None of {files} names is of this form, so there is no list to store.",
        new Dictionary<string, object?>(StringComparer.Ordinal) { ["findings"] = new[] { new Finding(Severity.Error, "names-unmatched", "pattern", "No name is of this form.") } });
}
