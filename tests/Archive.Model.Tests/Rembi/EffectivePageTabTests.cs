using System.Text;
using Archive.Model.Datasets;
using Archive.Model.PageTab;
using Archive.Model.Rembi;

namespace Archive.Model.Tests.Rembi;

[TestClass]
public sealed class EffectivePageTabTests
{
    private static readonly DateTimeOffset Date = new(2026, 3, 10, 0, 0, 0, TimeSpan.Zero);

    public required TestContext TestContext { get; init; }

    // Everything but the edits stays to the byte: blanks, the order, escapes, unknown properties.
    [TestMethod]
    [DataRow("{}", """{"accno":"S-TEST7","type":"submission","attributes":[{"name":"ReleaseDate","value":"2026-03-10"}]}""")]
    [DataRow("""{ "accno" : null , "type":"x"}""", """{"attributes":[{"name":"ReleaseDate","value":"2026-03-10"}], "accno" : "S-TEST7" , "type":"x"}""")]
    [DataRow("""{"type":"x","accno":12,"attributes":[ ]}""", """{"type":"x","accno":"S-TEST7","attributes":[ {"name":"ReleaseDate","value":"2026-03-10"}]}""")]
    [DataRow("""{"type":"x","accno":"é","attributes":null}""", """{"type":"x","accno":"S-TEST7","attributes":[{"name":"ReleaseDate","value":"2026-03-10"}]}""")]
    [DataRow("""{"type":"x","accno":"1","attributes":[{"name":"a"} ]}""", """{"type":"x","accno":"S-TEST7","attributes":[{"name":"a"} ,{"name":"ReleaseDate","value":"2026-03-10"}]}""")]
    [DataRow("""{"type":"x","accno":"1","attributes":[{"value":"2020-01-01","more":{"name":1},"name":"release \u0064ate"}]}""",
        """{"type":"x","accno":"S-TEST7","attributes":[{"value":"2026-03-10","more":{"name":1},"name":"release \u0064ate"}]}""")]
    [DataRow("""{"type":"x","accno":"1","attributes":[{"name":"ReleaseDate"}]}""", """{"type":"x","accno":"S-TEST7","attributes":[{"value":"2026-03-10","name":"ReleaseDate"}]}""")]
    [DataRow("""{"type":"x","accno":"1","section":{"accno":"s","subsections":[{"attributes":[{"name":"ReleaseDate","value":"kept"}]}],"attributes":[{"name":"Release_Date","value":null}]},"attributes":[{"name":"ReleaseDate","value":""}]}""",
        """{"type":"x","accno":"S-TEST7","section":{"accno":"s","subsections":[{"attributes":[{"name":"ReleaseDate","value":"kept"}]}],"attributes":[{"name":"Release_Date","value":"2026-03-10"}]},"attributes":[{"name":"ReleaseDate","value":"2026-03-10"}]}""")]
    [DataRow("""{"type":"x","accno":"1","section":{"attributes":[{"name":"ReleaseDate","value":"a"}]},"unknown":[{"accno":"kept"}]}""",
        """{"type":"x","accno":"S-TEST7","section":{"attributes":[{"name":"ReleaseDate","value":"2026-03-10"}]},"unknown":[{"accno":"kept"}]}""")]
    public async Task Of_WhenThereIsADate_ChangesNothingElse(string sent, string expected) => Assert.AreEqual(expected, await MakeAsync(sent, Date));

    [TestMethod]
    public async Task Of_WhenThereIsNoDate_SetsTheAccessionOnly() => Assert.AreEqual(
        """{"accno":"S-TEST7","type":"submission","attributes":[{"name":"ReleaseDate","value":"2020-01-01"}]}""",
        await MakeAsync("""{"attributes":[{"name":"ReleaseDate","value":"2020-01-01"}]}""", null));

    [TestMethod]
    public async Task Of_WhenMadeOnceMore_MovesTheDate()
    {
        var first = await MakeAsync("""{"section":{"type":"Study"}}""", Date);

        Assert.AreEqual(first.Replace("2026-03-10", "2027-01-01T12:00:00Z", StringComparison.Ordinal), await MakeAsync(first, new(2027, 1, 1, 12, 0, 0, TimeSpan.Zero)));
    }

    private async Task<string> MakeAsync(string sent, DateTimeOffset? date)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(sent));
        using var text = await PageTabText.ReceiveAsync(content, long.MaxValue, TestContext.CancellationToken);
        using var given = EffectivePageTab.Of(text!, Accession.From("S-TEST", 7), date);
        using var reader = new StreamReader(given.Open(), Encoding.UTF8);
        return await reader.ReadToEndAsync(TestContext.CancellationToken);
    }
}
