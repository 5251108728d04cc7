using System.Text.Json;
using Archive.TestKit;
using Archive.TestKit.Processes;

namespace Archive.Durability.Tests;

/// <summary>
/// The archive's main job, on the process that an operator starts: deposit, cite, be released, be found by keyword, by facet and by
/// an attribute of a file, and give every byte back.
/// </summary>
[TestClass]
[TestCategory("MainJob")]
public sealed class MainJobTests : DurabilityTest
{
    [TestMethod]
    public async Task Deposit_WhenSBiad661WithYeastImages_IsFoundAndGivesEveryByteBack() => await WalkAsync(
        RealInputs.Yeast, keyword: "psoriasiform neutrophil", organism: "Mus musculus", attribute: "Channel", value: "GFP");

    [TestMethod]
    public async Task Deposit_WhenSBiad1043WithDrosophilaImages_IsFoundAndGivesEveryByteBack() => await WalkAsync(
        RealInputs.Drosophila, keyword: "HiTIPS", organism: "Homo sapiens", attribute: "Channel", value: "R");

    [TestMethod]
    public async Task Deposit_WhenGenerated_IsFoundAndGivesEveryByteBack() => await WalkAsync(
        SampleDeposit.Generate(1, 60, 100_000, "lighthouse"), keyword: "lighthouse", organism: "Homo sapiens", attribute: "Compound", value: "Taxol");

    private async Task WalkAsync(SampleDeposit? deposit, string keyword, string organism, string attribute, string value)
    {
        if (deposit is null) Assert.Inconclusive($"The real inputs are absent: there is no ../shared/data beside {Repository.Root}.");
        await using var archive = new ArchiveProcess(Folder["data"]);
        await archive.StartAsync(Ct);
        var client = await RegisterAsync(archive);
        // Another dataset, so that what finds everything does not pass for what finds this one.
        var other = await DepositAsync(client, SampleDeposit.Generate(99, 3, 2000, "unrelated"));
        var deposited = await DepositAsync(client, deposit!);
        await Poll.Until(async () => Accessions(await client.GetJsonAsync("/api/search", Ct)).Count == 2, "both are searchable", Ct, TimeSpan.FromMinutes(1));

        // Everything from here on is read as a stranger does, without a sign-in.
        var stranger = new ArchiveClient(archive.Http);
        await CompareAsync(stranger, deposited, other);
        await ListAsync(stranger, deposited);
        await FindByKeywordAsync(stranger, deposited, keyword);
        await FindByFacetAsync(stranger, deposited, organism);
        await FindByAttributeAsync(stranger, deposited, attribute, value);
    }

    private async Task ListAsync(ArchiveClient stranger, Depositing deposited)
    {
        var listed = await stranger.ListFilesAsync(deposited.Accession!, Ct);
        foreach (var file in deposited.Deposit.Files)
        {
            Assert.IsTrue(listed.TryGetValue(file.Path, out var entry), $"{deposited.Accession} does not list {file.Path}.");
            Assert.AreEqual(file.LengthBytes, entry.GetProperty("lengthBytes").GetInt64(), file.Path);
            Assert.AreEqual(await file.HashAsync(Ct), entry.GetProperty("sha256").GetString(), file.Path);
        }
    }

    private async Task FindByKeywordAsync(ArchiveClient stranger, Depositing deposited, string keyword)
    {
        var found = await stranger.GetJsonAsync($"/api/search?q={Uri.EscapeDataString(keyword)}", Ct);
        CollectionAssert.AreEqual(new[] { deposited.Accession }, Accessions(found), $"{keyword}: {found}");
        Assert.AreEqual(deposited.Deposit.Files.Count, found.GetProperty("items")[0].GetProperty("fileCount").GetInt64() - ListsCounted(found, deposited));
    }

    // The facet's own spelling of the organism is taken from the answer, then chosen.
    private async Task FindByFacetAsync(ArchiveClient stranger, Depositing deposited, string organism)
    {
        var all = await stranger.GetJsonAsync("/api/search", Ct);
        var facet = all.GetProperty("facets").EnumerateArray().Single(f => f.GetProperty("name").GetString() == "organism");
        var chosen = facet.GetProperty("values").EnumerateArray().Single(v => v.GetProperty("value").GetString()!.Contains(organism, StringComparison.Ordinal));
        var found = await stranger.GetJsonAsync($"/api/search?facet.organism={Uri.EscapeDataString(chosen.GetProperty("value").GetString()!)}", Ct);
        CollectionAssert.Contains(Accessions(found), deposited.Accession, $"{organism}: {found}");
        Assert.HasCount((int)chosen.GetProperty("count").GetInt64(), Accessions(found), "The facet counts other hits than it finds.");
    }

    private async Task FindByAttributeAsync(ArchiveClient stranger, Depositing deposited, string attribute, string value)
    {
        var wanted = deposited.Deposit.Files.Where(f => f.Attributes.Any(a => a.Key == attribute && a.Value == value)).Select(f => f.Path).Order(StringComparer.Ordinal).ToList();
        Assert.IsNotEmpty(wanted);
        var query = $"size=1000&filter.{Uri.EscapeDataString(attribute)}={Uri.EscapeDataString(value)}";
        var inDataset = await stranger.ListAsync($"/api/datasets/{deposited.Accession}/files?{query}", Ct);
        CollectionAssert.AreEqual(wanted, inDataset.Select(f => f.GetProperty("path").GetString()).Order(StringComparer.Ordinal).ToList());
        Assert.IsTrue(inDataset.All(f => f.GetProperty("attributes").EnumerateArray().Any(
            a => a.GetProperty("name").GetString() == attribute && a.GetProperty("value").GetString() == value)), "A listed file does not show the attribute.");
        var inAll = await stranger.ListAsync($"/api/files?{query}", Ct);
        var ours = inAll.Where(f => f.GetProperty("accession").GetString() == deposited.Accession).Select(f => f.GetProperty("path").GetString());
        CollectionAssert.AreEqual(wanted, ours.Order(StringComparer.Ordinal).ToList());
    }

    // Whether file lists count among a dataset's files is the archive's decision; here it only has to be all or none.
    private static int ListsCounted(JsonElement found, Depositing deposited) =>
        found.GetProperty("items")[0].GetProperty("fileCount").GetInt64() == deposited.Deposit.Files.Count ? 0 : deposited.Deposit.FileLists.Count;

    private static List<string?> Accessions(JsonElement found) => [.. found.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("accession").GetString())];
}
