using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.Submissions;
using Archive.Submission.Tests.Pipeline;
using Archive.Submissions.Collections;
using Archive.Submissions.Validation;

namespace Archive.Submission.Tests.Collections;

/// <summary>Which collection a dataset comes to belong to, whose number it gets, and whose rules hold.</summary>
[TestClass]
public sealed class CollectionPipelineTests
{
    private static readonly Dictionary<string, byte[]> Files = new() { ["a.tif"] = [1] };

    public required TestContext TestContext { get; init; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task Submit_WhenAttachToNamesACollection_ItsTemplateAndRulesHold()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        await PutAsync(node, "Strict", new("Strict", Parent: "Plates", RuleSet: "strict"), new("Strict", null, new Dictionary<string, RuleEntryForm?> { ["licence"] = new("error") }));
        var draft = await node.PrepareAsync(Files, Ct);
        await node.SetPageTabAsync(draft.Id, null, Ct, """,{"name":"AttachTo","value":"strict"}""");

        var refused = (await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))!;
        await node.SetPageTabAsync(draft.Id, null, Ct, """,{"name":"AttachTo","value":"strict"},{"name":"License","value":"CC0"}""");
        var accepted = (await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))!;

        Assert.AreEqual("licence", refused.Report.Findings.Single(f => f.Severity == Severity.Error).Rule);
        Assert.IsEmpty(accepted.Report.Findings.Where(f => f.Rule == "description"), "the set does not name it, so it is off");
        Assert.AreEqual("S-PLATE1", accepted.Submission!.Accession.ToString());
        var ended = await node.RunUntilEndedAsync(accepted.Submission.Id, Ct);
        Assert.AreEqual("Strict", (await node.Datasets.FindAsync(ended.Accession, Ct))!.Collection);
    }

    [TestMethod]
    [DataRow("Nowhere", "collection-unknown")]
    [DataRow("Curated", "collection-closed")]
    public async Task Submit_WhenAttachToCannotBeObeyed_WarnsAndTheDraftsOwnHolds(string name, string code)
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        await PutAsync(node, "Curated", new("Curated", AccessionTemplate: "S-CUR{n}", Attach: "curators"));
        var draft = await node.PrepareAsync(Files, Ct);
        await node.SetPageTabAsync(draft.Id, null, Ct, $$""",{"name":"AttachTo","value":"{{name}}"}""");

        var accepted = (await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))!;

        Assert.Contains(code, accepted.Report.Findings.Select(f => f.Code));
        Assert.AreEqual("S-BIAR1", accepted.Submission!.Accession.ToString());
    }

    [TestMethod]
    public async Task Submit_WhenSeveralAreNamed_TheFirstUsableHolds()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var draft = await node.PrepareAsync(Files, Ct);
        await node.SetPageTabAsync(draft.Id, null, Ct, """,{"name":"AttachTo","value":"Nowhere"},{"name":"AttachTo","value":"Plates"},{"name":"AttachTo","value":"BioImages"}""");

        var accepted = (await node.Submitter.SubmitAsync(draft.Id, Node.Owner, Ct))!;

        Assert.AreEqual("S-PLATE1", accepted.Submission!.Accession.ToString());
        CollectionAssert.IsSubsetOf(new[] { "collection-unknown", "collection-second" }, accepted.Report.Findings.Select(f => f.Code).ToArray());
    }

    [TestMethod]
    public async Task Begin_WhenTheCollectionIsClosedToTheAccount_IsRefused()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        var named = new Account { Id = AccountId.New(), Email = "named@example.org", Name = "N", PasswordHash = "h", Role = Role.Depositor, CreatedAt = TimeProvider.System.GetUtcNow() };
        await node.Accounts.TryAddAsync(named, Ct);
        await PutAsync(node, "Lab", new("Lab", AccessionTemplate: "S-LAB{n}", Attach: "named", Accounts: ["named@example.org"]));

        var draft = await node.Desk.BeginAsync(named.Id, "lab", Ct);
        var refusal = await Assert.ThrowsExactlyAsync<ArchiveException>(() => node.Desk.BeginAsync(Node.Owner, "Lab", Ct));

        Assert.AreEqual("Lab", draft.Collection);
        Assert.AreEqual(Problems.CollectionClosed, refusal.Problem);
        await node.Desk.BeginAsync(Node.Owner, Role.Curator, "Lab", Ct);
    }

    [TestMethod]
    public async Task Put_WhenTwoOperatorsWouldMakeACircle_OneIsRefused()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        for (var round = 0; round < 5; round++)
        {
            await PutAsync(node, "A", new("A", AccessionTemplate: "S-A{n}"));
            await PutAsync(node, "B", new("B", AccessionTemplate: "S-B{n}"));

            var both = await Task.WhenAll(
                node.CollectionDesk.PutAsync("A", new("A", Parent: "B"), Ct), node.CollectionDesk.PutAsync("B", new("B", Parent: "A"), Ct));

            Assert.AreEqual("parent-cycle", both.Single(b => b.Collection is null).Report.Findings.Single().Code);
        }
    }

    [TestMethod]
    public async Task Remove_WhenSomethingBelongsToIt_IsRefused()
    {
        await using var ground = await Ground.CreateAsync(Ct);
        var node = new Node(ground);
        await PutAsync(node, "Lab", new("Lab", AccessionTemplate: "S-LAB{n}", RuleSet: "lab"), new("Lab", null, null));
        await PutAsync(node, "Room", new("Room", Parent: "Lab"));
        var draft = await node.Desk.BeginAsync(Node.Owner, "Room", Ct);

        async Task<Problem?> RefusalAsync(Func<Task> act)
        {
            try
            {
                await act();
                return null;
            }
            catch (ArchiveException e)
            {
                return e.Problem;
            }
        }

        Assert.AreEqual(Problems.CollectionInUse, await RefusalAsync(() => node.CollectionDesk.RemoveAsync("Lab", Ct)), "Room is part of it");
        Assert.AreEqual(Problems.CollectionInUse, await RefusalAsync(() => node.CollectionDesk.RemoveAsync("Room", Ct)), "it has a draft");
        Assert.AreEqual(Problems.CollectionInUse, await RefusalAsync(() => node.CollectionDesk.RemoveAsync("bioimages", Ct)), "it is the archive's own");
        Assert.AreEqual(Problems.RuleSetInUse, await RefusalAsync(() => node.CollectionDesk.RemoveRuleSetAsync("lab", Ct)));
        await node.Desk.DeleteAsync(draft.Id, Ct);
        Assert.IsTrue(await node.CollectionDesk.RemoveAsync("Room", Ct));
        Assert.IsTrue(await node.CollectionDesk.RemoveAsync("Lab", Ct));
        Assert.IsTrue(await node.CollectionDesk.RemoveRuleSetAsync("lab", Ct));
        Assert.IsFalse(await node.CollectionDesk.RemoveAsync("Lab", Ct));
    }

    private async Task PutAsync(Node node, string id, CollectionForm form, RuleSetForm? rules = null)
    {
        if (rules is not null) Assert.IsNotNull((await node.CollectionDesk.PutRuleSetAsync(form.RuleSet!, rules, Ct)).RuleSet);
        var (collection, _, report) = await node.CollectionDesk.PutAsync(id, form, Ct);
        Assert.IsNotNull(collection, string.Join('\n', report.Findings));
    }
}
