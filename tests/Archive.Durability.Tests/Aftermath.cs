using Archive.TestKit;
using Archive.TestKit.Processes;

namespace Archive.Durability.Tests;

/// <summary>What must hold once every deposit that was disturbed has ended.</summary>
internal static class Aftermath
{
    /// <summary>
    /// No accession is lost or given twice, staging is empty, and after the sweep there is no object without a reference and no
    /// reference without an object.
    /// </summary>
    public static async Task CheckAsync(ArchiveProcess archive, IReadOnlyList<Depositing> deposits, CancellationToken ct)
    {
        // Before the sweep, which would correct them.
        Assert.IsEmpty(await DataFolder.WrongCountsAsync(archive, ct), "Counts of what is staged are wrong.");
        var given = deposits.Select(d => d.Accession!).ToList();
        Assert.HasCount(given.Count, given.Distinct(StringComparer.Ordinal), "An accession was given twice.");
        CollectionAssert.AreEquivalent(given, (await DataFolder.AccessionsAsync(archive, ct)).ToList(), "Datasets are not those that were answered.");
        await Poll.Until(async () =>
        {
            await DataFolder.RunJobAsync(archive, "sweep", ct);
            return DataFolder.Staged(archive).Count == 0 && Directory.GetFiles(Path.Combine(DataFolder.FolderOf(archive, "objects"), "tmp")).Length == 0;
        }, "staging is empty, and no temporary file is left", ct, TimeSpan.FromMinutes(2));
        var stored = DataFolder.Objects(DataFolder.FolderOf(archive, "objects"));
        var referenced = (await DataFolder.ReferencedAsync(archive, ct)).ToHashSet(StringComparer.Ordinal);
        Assert.IsEmpty(referenced.Except(stored, StringComparer.Ordinal), "References without an object.");
        var shelves = await DataFolder.ShelvesAsync(archive, ct);
        // What is published of the index is kept and removed by the index itself.
        var orphans = stored.Where(o => !o.StartsWith("index/", StringComparison.Ordinal)).Except(referenced, StringComparer.Ordinal).Except(shelves, StringComparer.Ordinal).ToList();
        Assert.IsEmpty(orphans, $"Objects that nothing refers to, after the sweep: {string.Join(", ", orphans)}");
    }
}
