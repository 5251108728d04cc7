using System.Reflection;
using System.Text;
using Archive.Model.Errors;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.Drafts;
using Archive.Submissions.FileLists;
using Archive.Submissions.Validation;

namespace Archive.Submission.Tests.Pipeline;

/// <summary>Page tabs that change while they are read, and those that never arrive.</summary>
[TestClass]
public sealed class DraftPageTabTests
{
    public required TestContext TestContext { get; init; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task Check_WhenTheLongPageTabIsReplacedWhileItIsRead_JudgesTheNewOne()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await LongAsync(node);
        var opened = 0;
        var validator = Reading(node, async () =>
        {
            // Each of the first two readings is overtaken.
            if (++opened <= 2) await SetAsync(node, draft.Id, opened);
        });

        var report = await validator.CheckMetadataAsync(draft, null, Ct);

        Assert.AreEqual(3, opened);
        CollectionAssert.Contains(report.Findings.Select(f => f.Code).ToList(), "release-date-missing");
    }

    [TestMethod]
    public async Task Check_WhenTheDraftIsRemovedWhileItsPageTabIsRead_FindsNone()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await LongAsync(node);
        var validator = Reading(node, () => node.Desk.DeleteAsync(draft.Id, Ct));

        var report = await validator.CheckMetadataAsync(draft, null, Ct);

        CollectionAssert.AreEqual(new[] { "page-tab-missing" }, report.Findings.Select(f => f.Code).ToList());
    }

    [TestMethod]
    [Timeout(60_000, CooperativeCancellation = true)]
    public async Task Set_WhenTheBodyNeverEnds_IsRefusedAtTheDeadline()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var desk = new DraftDesk(node.Drafts, node.Collections, new DraftCloser(node.Drafts, node.Submissions, node.Staging, node.Sharing, node.DraftEffects),
            new DraftOptions(ReceiveWithin: TimeSpan.FromMilliseconds(100)), TimeProvider.System);
        var draft = await desk.BeginAsync(Node.Owner, null, Ct);
        var pipe = new System.IO.Pipelines.Pipe();
        await pipe.Writer.WriteAsync("{"u8.ToArray(), Ct);

        var refused = await Assert.ThrowsExactlyAsync<ArchiveException>(() => desk.SetPageTabAsync(draft.Id, pipe.Reader.AsStream(), null, Ct));

        Assert.AreEqual(Problems.BodyTooSlow, refused.Problem);
        Assert.IsNull((await node.Drafts.FindAsync(draft.Id, Ct))!.PageTabBytes);
    }

    // Longer than the first piece that is read (64 KiB).
    private async Task<Draft> LongAsync(Node node) => await SetAsync(node, (await node.Desk.BeginAsync(Node.Owner, null, Ct)).Id, 0);

    private async Task<Draft> SetAsync(Node node, DraftId draft, int number)
    {
        var text = $$"""{"section":{"type":"Study","accno":"s{{number}}"},"more":"{{new string('x', 200_000)}}"}""";
        return (await node.Desk.SetPageTabAsync(draft, new MemoryStream(Encoding.UTF8.GetBytes(text)), null, Ct)).Draft;
    }

    private static SubmissionValidator Reading(Node node, Func<Task> afterOpen) => new(
        OvertakenDrafts.Over(node.Drafts, afterOpen), new Archive.Submissions.Collections.CollectionChoice(node.Collections, node.Accounts), node.Uploads,
        new FileListCheck(node.Uploads, node.Staging, FileListLimits.Default), node.Next, TimeProvider.System);

    /// <summary>Drafts in which something happens between the first piece of a page tab and the next.</summary>
    public class OvertakenDrafts : DispatchProxy
    {
        private IDraftStore drafts = null!;
        private Func<Task> afterOpen = null!;

        public static IDraftStore Over(IDraftStore drafts, Func<Task> afterOpen)
        {
            var over = Create<IDraftStore, OvertakenDrafts>();
            (((OvertakenDrafts)(object)over).drafts, ((OvertakenDrafts)(object)over).afterOpen) = (drafts, afterOpen);
            return over;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var answer = targetMethod!.Invoke(drafts, args);
            return targetMethod.Name == nameof(IDraftStore.OpenPageTabAsync) ? OvertakenAsync((Task<StoredPageTab?>)answer!) : answer;
        }

        private async Task<StoredPageTab?> OvertakenAsync(Task<StoredPageTab?> opening)
        {
            var opened = await opening;
            if (opened is not null) await afterOpen();
            return opened;
        }
    }
}
