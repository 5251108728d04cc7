using Archive.Model.Datasets;
using Archive.Model.Submissions;
using Archive.TestKit.Files;

namespace Archive.Submission.Tests.Pipeline;

/// <summary>What must hold of a dataset once its submission has ended.</summary>
internal static class Archived
{
    /// <summary>Every byte is there, rows and objects are the same set, staging and draft are gone.</summary>
    public static async Task<Dataset> IsWholeAsync(
        Ground ground, Node node, Model.Submissions.Submission submission, IReadOnlyDictionary<string, byte[]> files, CancellationToken ct)
    {
        Assert.AreEqual(SubmissionState.Released, submission.State);
        var dataset = (await node.Datasets.FindAsync(submission.Accession, ct))!;
        Assert.AreEqual(DatasetState.Released, dataset.State);
        Assert.AreEqual(submission.Id, dataset.Versions.Single().Submission);
        Assert.IsGreaterThan(0, dataset.Change);
        await using (var document = await node.Datasets.OpenPageTabAsync(dataset.DocumentOf(dataset.Latest), ct)) Assert.IsNotNull(document);
        foreach (var (path, content) in files)
            CollectionAssert.AreEqual(content, await node.ReadAsync(dataset, path, ct), path);

        await node.Orphans.RunAsync(ground.Database.Metadata.ArchiveId, TimeSpan.FromDays(1), ct);
        var rows = new List<string>();
        await foreach (var row in node.References.ListAsync(dataset, 1, null, ct))
        {
            rows.Add(row.ObjectKey!);
            if (files.TryGetValue(row.Path.Value, out var content)) Assert.AreEqual(Digests.Of(content), row.Digests);
        }
        var objects = new List<string>();
        await foreach (var found in node.Objects.ListAsync($"{submission.Accession}/", ct)) objects.Add(found.Key.Value);
        CollectionAssert.AreEquivalent(rows, objects);
        Assert.HasCount(files.Count + 1, rows);
        Assert.AreEqual(rows.Count, dataset.Latest.FileCount);

        Assert.IsNull(await node.Drafts.FindAsync(submission.Draft, ct));
        var staged = Path.Combine(ground.StagingFolder, submission.Draft.ToString());
        Assert.IsFalse(Directory.Exists(staged) && Directory.EnumerateFiles(staged).Any(), "Staging is not empty.");
        return dataset;
    }
}
