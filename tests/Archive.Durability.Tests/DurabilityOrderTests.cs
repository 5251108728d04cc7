using Archive.TestKit.Processes;

namespace Archive.Durability.Tests;

/// <summary>The judge of the power tests must be able to say no. Lines are as strace 6.1 prints them.</summary>
[TestClass]
public sealed class DurabilityOrderTests
{
    private const string Sync = "[pid 10] fsync(9</data/staging/a>) = 0";
    private const string Folder = "[pid 10] mkdir(\"/data/objects/objects/S-1\", 0750) = 0";
    private const string Link = "[pid 10] linkat(AT_FDCWD</tmp>, \"/data/staging/a\", AT_FDCWD</tmp>, \"/data/objects/objects/S-1/a\", 0) = 0";
    private const string FolderSync = "[pid 11] fsync(12</data/objects/objects/S-1>) = 0";
    private const string ParentSync = "[pid 11] fsync(12</data/objects/objects>) = 0";
    private const string Commit = "[pid 12] sendto(55<UNIX-STREAM:[1->2]>, \"P\\0\\0INSERT INTO datasets AS d\\n\"..., 500, 0, NULL, 0) = 500";
    private static readonly string[] Good = [Sync, Folder, Link, FolderSync, ParentSync, Commit];

    [TestMethod]
    public void Violations_WhenAllWasSyncedInOrder_AreNone() => Assert.IsEmpty(Judge(Good));

    [TestMethod]
    [DataRow(0, "bytes were not synced")]
    [DataRow(3, "/data/objects/objects/S-1 was not synced after linkat")]
    [DataRow(4, "/data/objects/objects was not synced after mkdir")]
    [DataRow(2, "had not been linked")]
    public void Violations_WhenACallIsMissing_NameIt(int missing, string wanted) =>
        Assert.Contains(wanted, Judge([.. Good.Where((_, i) => i != missing)]).Single());

    [TestMethod]
    [DataRow(0, "a sync of its bytes failed")]
    [DataRow(3, "the sync of folder /data/objects/objects/S-1 after linkat(/data/objects/objects/S-1/a) failed")]
    [DataRow(4, "the sync of folder /data/objects/objects after mkdir(/data/objects/objects/S-1) failed")]
    public void Violations_WhenASyncFailed_NameIt(int failed, string wanted) =>
        Assert.Contains(wanted, string.Join('\n', Judge([.. Good.Select((line, i) => i == failed ? line.Replace("= 0", "= -1 EIO (Input/output error) (INJECTED)", StringComparison.Ordinal) : line)])));

    [TestMethod]
    public void Violations_WhenAFailedSyncOfAFolderIsRepeated_NameIt() => Assert.Contains("and the name stayed", string.Join('\n', Judge(
        [.. Good[..3], FolderSync.Replace("= 0", "= -1 EIO (Input/output error) (INJECTED)", StringComparison.Ordinal), .. Good[3..]])));

    [TestMethod]
    public void Violations_WhenANameIsMadeAgainAfterAFailedSync_AreNone() => Assert.IsEmpty(Judge(
        [.. Good[..3], FolderSync.Replace("= 0", "= -1 EIO (Input/output error) (INJECTED)", StringComparison.Ordinal), .. Good[2..]]));

    [TestMethod]
    public void Violations_WhenBytesAreSyncedAfterTheLink_NameThem() =>
        Assert.Contains("bytes were not synced", Judge([Folder, Link, Sync, FolderSync, ParentSync, Commit]).Single());

    [TestMethod]
    public void Violations_WhenASyncHadNotReturnedAtTheCommit_NameTheFolder() => Assert.Contains("/data/objects/objects was not synced", Judge(
        [Sync, Folder, Link, FolderSync, "[pid 11] fsync(12</data/objects/objects> <unfinished ...>", Commit, "[pid 11] <... fsync resumed>) = 0"]).Single());

    [TestMethod]
    public void Violations_WhenTheSyncedFileWasRenamedBeforeTheLink_AreNone() => Assert.IsEmpty(Judge(
        ["[pid 10] fsync(9</data/staging/a.part>) = 0", "[pid 10] rename(\"/data/staging/a.part\", \"/data/staging/a\") = 0", .. Good[1..]]));

    [TestMethod]
    public void Read_WhenACallFailed_KeepsTheErrorAndWhoMadeIt()
    {
        var call = new SystemCallLog().Read("[pid  1718] fsync(56</tmp/d/f0-1>) = -1 EIO (Input/output error) (INJECTED)")!;
        Assert.AreEqual((1718, "fsync", "/tmp/d/f0-1", -1L, "EIO", true), (call.Thread, call.Name, call.Descriptor, call.Result, call.Error, call.IsInjected));
    }

    [TestMethod]
    public void Read_WhenTheLogIsAFile_TellsTheThread() =>
        Assert.AreEqual(1718, new SystemCallLog().Read("1718  fsync(56</tmp/d/f0-1>) = 0")!.Thread);

    private static IReadOnlyList<string> Judge(IEnumerable<string> lines)
    {
        var log = new SystemCallLog();
        var calls = lines.Select(log.Read).OfType<SystemCall>().ToList();
        var order = new DurabilityOrder(calls, "/data/objects/objects");
        Assert.IsNotNull(order.Commit);
        return order.Violations(["S-1/a"], order.Commit);
    }
}
