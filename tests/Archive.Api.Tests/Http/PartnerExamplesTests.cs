using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Archive.Api.Tests.Support;
using Archive.Model.Datasets;
using Archive.TestKit;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Http;

/// <summary>The examples of docs/partners.md, run as they stand against a running archive.</summary>
[TestClass]
public sealed class PartnerExamplesTests
{
    public required TestContext TestContext { get; init; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task Examples_WhenRunAsTheyStand_KeepACopyOfTheCatalogue()
    {
        await using var archive = await HarvestedArchive.StartAsync(1200, Ct);
        await archive.WriteAsync(archive.Written[HarvestedArchive.Number(3)] with { State = DatasetState.Withdrawn, WithdrawalReason = "Consent, \"taken\" back" }, Ct);
        using var folder = new TempFolder();
        var shells = await UnpackAsync(folder);

        var output = await Task.WhenAll(shells.Select(shell => RunAsync(shell, folder, archive)));

        Assert.HasCount(5, shells);
        Assert.Contains("\"accession\":\"S-HARV2\"", output[0]);
        Assert.AreEqual("1200\n", output[1]);
        Assert.AreEqual("up to date with change 1201\n", output[3]);
        Assert.AreEqual("1199 datasets up to change 1201\n", output[4]);
        var table = await File.ReadAllTextAsync(folder["changes.csv"], Ct);
        Assert.AreEqual(1201, table.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains(",\"Yeast, \"\"1\"\"\",BioImages,", table);
        Assert.Contains("1201,Withdrawn,S-HARV3,Withdrawn,", table);
        Assert.Contains(",\"Consent, \"\"taken\"\" back\",", table);

        // The harvester goes on where it was.
        await archive.WriteAsync(HarvestedArchive.Revised(archive.Written[HarvestedArchive.Number(4)], "Revised"), Ct);
        await archive.WriteAsync(archive.Written[HarvestedArchive.Number(5)] with { State = DatasetState.Private }, Ct);
        Assert.AreEqual("1198 datasets up to change 1203\n", await RunAsync("python3 harvest.py", folder, archive));
        using var copy = JsonDocument.Parse(await File.ReadAllTextAsync(folder["catalogue.json"], Ct));
        var datasets = copy.RootElement.GetProperty("datasets");
        Assert.AreEqual("Revised", datasets.GetProperty("S-HARV4").GetProperty("kind").GetString());
        Assert.IsFalse(datasets.TryGetProperty("S-HARV5", out _));
        Assert.EndsWith("/api/datasets/S-HARV4/files", datasets.GetProperty("S-HARV4").GetProperty("links").GetProperty("files").GetString());
    }

    // Blocks of Python become files that their first line names; blocks of shell are returned in their order.
    private async Task<IReadOnlyList<string>> UnpackAsync(TempFolder folder)
    {
        var shells = new List<string>();
        var (kind, block) = ("", new StringBuilder());
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "docs", "partners.md"), Ct))
        {
            if (!line.StartsWith("```", StringComparison.Ordinal))
            {
                if (kind.Length > 0) block.AppendLine(line);
                continue;
            }
            if (kind == "sh") shells.Add(block.ToString());
            if (kind == "python") await File.WriteAllTextAsync(folder[block.ToString().Split('#', ':')[1].Trim()], block.ToString(), Ct);
            (kind, block) = (kind.Length > 0 ? "" : line[3..], block.Clear());
        }
        return shells;
    }

    private async Task<string> RunAsync(string shell, TempFolder folder, HarvestedArchive archive)
    {
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", shell])
        {
            WorkingDirectory = folder.Path, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["ARCHIVE"] = archive.Process.Address.ToString().TrimEnd('/') },
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(Ct), process.StandardError.ReadToEndAsync(Ct));
        await process.WaitForExitAsync(Ct);
        Assert.AreEqual(0, process.ExitCode, $"{shell}\n{await errors}");
        return await output;
    }
}
