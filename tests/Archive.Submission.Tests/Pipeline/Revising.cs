using System.Globalization;
using System.Text;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Files;
using Archive.Model.Submissions;

namespace Archive.Submission.Tests.Pipeline;

/// <summary>What tests of revisions do again and again.</summary>
internal static class Revising
{
    /// <summary>The owner of every dataset of a node.</summary>
    public static readonly Editor Depositor = new(Node.Owner, Role.Depositor);

    public static readonly Editor Curator = new(AccountId.New(), Role.Curator);

    /// <summary>A day on which no test runs any more.</summary>
    public static string FarDate => ReleaseDates.Write(new DateTimeOffset(TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(300), TimeSpan.Zero));

    /// <summary>A page tab that names some file lists.</summary>
    public static Task DescribeAsync(this Node node, Draft draft, CancellationToken ct, string? releaseDate = null, string title = "Wells of a plate, imaged for a test", params IEnumerable<string> lists)
    {
        var sections = string.Join(',', lists.Select(l => $$$"""{"type":"Study Component","attributes":[{"name":"Name","value":"All"},{"name":"File List","value":"{{{l}}}"}]}"""));
        var json = $$$"""
            {"attributes":[{"name":"ReleaseDate","value":"{{{releaseDate ?? "2020-01-01"}}}"}],
             "section":{"type":"Study","attributes":[{"name":"Title","value":"{{{title}}}"}],"subsections":[{{{sections}}}]}}
            """;
        return node.Desk.SetPageTabAsync(draft.Id, new MemoryStream(Encoding.UTF8.GetBytes(json)), null, ct);
    }

    public static Task UploadAsync(this Node node, Draft draft, string path, string text, CancellationToken ct) =>
        node.UploadAsync(draft, path, Encoding.UTF8.GetBytes(text), ct);

    /// <summary>Submits and waits for the end.</summary>
    public static async Task<Model.Submissions.Submission> EndAsync(this Node node, Draft draft, CancellationToken ct, Editor? editor = null)
    {
        var outcome = (await node.Submitter.SubmitAsync(draft.Id, Node.Owner, editor ?? Depositor, ct))!;
        Assert.IsNotNull(outcome.Submission, string.Join('\n', outcome.Report.Findings));
        return await node.RunUntilEndedAsync(outcome.Submission.Id, ct);
    }

    /// <summary>The same, and the dataset that it gave.</summary>
    public static async Task<Dataset> CommitAsync(this Node node, Draft draft, CancellationToken ct, Editor? editor = null)
    {
        var ended = await node.EndAsync(draft, ct, editor);
        Assert.IsTrue(ended.State is SubmissionState.Released or SubmissionState.Private, $"{ended.State}: {string.Join('\n', ended.Report.Findings)}");
        return (await node.Datasets.FindAsync(ended.Accession, ct))!;
    }

    /// <summary>A first version: each text is a file's content, and the list names all of them.</summary>
    public static async Task<Dataset> DepositAsync(this Node node, IReadOnlyDictionary<string, string> files, CancellationToken ct, string? releaseDate = null)
    {
        var draft = await node.Desk.BeginAsync(Node.Owner, null, ct);
        await node.DescribeAsync(draft, ct, releaseDate, lists: "files.tsv");
        foreach (var (path, text) in files) await node.UploadAsync(draft, path, text, ct);
        await node.UploadAsync(draft, "files.tsv", Node.ListOf(files.Keys), ct);
        return await node.CommitAsync(draft, ct);
    }

    public static async Task<Draft> ReviseAsync(this Node node, Dataset dataset, CancellationToken ct) => (await node.Revisions.BeginAsync(dataset, ct)).Draft;

    /// <summary>The rows that a version's own pass wrote, as <c>path=content Well</c>; a removal is <c>path-</c>.</summary>
    public static async Task<string> RowsAsync(this Node node, Dataset dataset, int version, CancellationToken ct)
    {
        var rows = new List<string>();
        await foreach (var row in node.References.ListPassAsync(dataset.Accession, dataset.Versions[version - 1].Submission, null, ct))
            rows.Add(row.ObjectKey is null ? $"{row.Path}-" : await TextAsync(node, row, ct));
        return string.Join(" | ", rows);
    }

    /// <summary>The files of a version, as above; lists without their content.</summary>
    public static async Task<string> FilesAsync(this Node node, Dataset dataset, int version, CancellationToken ct)
    {
        var files = new List<string>();
        await foreach (var row in node.References.ListAsync(dataset, version, null, ct)) files.Add(await TextAsync(node, row, ct));
        return string.Join(" | ", files);
    }

    /// <summary>What a version's head must say of its files, counted one by one.</summary>
    public static async Task CountsAreRightAsync(this Node node, Dataset dataset, CancellationToken ct)
    {
        foreach (var version in dataset.Versions)
        {
            var (files, bytes) = (0L, 0L);
            await foreach (var row in node.References.ListAsync(dataset, version.Number, null, ct)) (files, bytes) = (files + 1, bytes + row.LengthBytes);
            Assert.AreEqual((files, bytes), (version.FileCount, version.TotalBytes), $"version {version.Number}");
        }
    }

    /// <summary>Keys of all objects of a dataset.</summary>
    public static async Task<List<string>> KeysAsync(this Node node, Accession accession, CancellationToken ct)
    {
        var keys = new List<string>();
        await foreach (var found in node.Objects.ListAsync($"{accession}/", ct)) keys.Add(found.Key.Value);
        return keys;
    }

    private static async Task<string> TextAsync(Node node, FileReference row, CancellationToken ct)
    {
        if (row.Path.Value.EndsWith(".tsv", StringComparison.Ordinal)) return row.Path.Value;
        await using var content = await node.Objects.OpenAsync(new(row.ObjectKey!), 0, null, ct);
        Assert.IsNotNull(content, row.ObjectKey);
        using var reader = new StreamReader(content);
        var attributes = string.Concat(row.Attributes.Select(a => string.Create(CultureInfo.InvariantCulture, $" {a.Name}:{a.Value}")));
        return $"{row.Path}={await reader.ReadToEndAsync(ct)}{attributes}";
    }
}
