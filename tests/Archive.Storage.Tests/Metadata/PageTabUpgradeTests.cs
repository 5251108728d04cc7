using System.Text.Json.Nodes;
using Archive.Model.Datasets;
using Archive.Model.PageTab;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Storage.Metadata.Postgres;
using Archive.TestKit.Databases;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Npgsql;

namespace Archive.Storage.Tests.Metadata;

/// <summary>What drafts held before their page tabs became texts is still there after the upgrade.</summary>
[TestClass]
public sealed class PageTabUpgradeTests
{
    // As the program wrote it before schema file 0003: the tree, with every feature of the format.
    private const string Before = """
        {"id":"ID","owner":"OWNER","collection":"BioImages","createdAt":"2024-02-29T23:59:58.765+00:00","version":1,"revision":0,
         "isSealConfirmed":false,"sealedBy":null,"accession":null,
         "pageTab":{"accession":"S-X1","attributes":[{"name":"Δ","value":null,"reference":true,"nameQualifiers":[{"name":"q","value":"1"}],"valueQualifiers":[{"name":"Ontology","value":null}]},
            {"name":"Title","value":"Yeast","reference":false,"nameQualifiers":[],"valueQualifiers":[]}],
          "section":{"accession":null,"type":"Study","attributes":[],
            "files":[{"items":[{"path":"a/b.tif","lengthBytes":12,"type":"file","attributes":[]},{"path":"c","lengthBytes":null,"type":"directory","attributes":[]}],"isTable":true}],
            "links":[{"items":[{"url":"https://x","attributes":[]}],"isTable":false}],
            "subsections":[{"items":[{"accession":"s","type":"Author","attributes":[],"files":[],"links":[],"subsections":[]}],"isTable":false},
                           {"items":[{"accession":null,"type":"Funding","attributes":[],"files":[],"links":[],"subsections":[]}],"isTable":true}]}}}
        """;

    private const string After = """
        {"accno":"S-X1","attributes":[{"name":"Δ","value":null,"reference":true,"nmqual":[{"name":"q","value":"1"}],"valqual":[{"name":"Ontology","value":null}]},{"name":"Title","value":"Yeast"}],
         "section":{"type":"Study","files":[[{"path":"a/b.tif","size":12,"type":"file"},{"path":"c","type":"directory"}]],"links":[{"url":"https://x"}],
           "subsections":[{"accno":"s","type":"Author"},[{"type":"Funding"}]]},"type":"submission"}
        """;

    public required TestContext TestContext { get; init; }

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public async Task Start_WhenDraftsHoldTheirPageTabsAsTrees_MakesThemTexts()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        var (told, silent) = (DraftId.New(), DraftId.New());
        await using (var connection = new NpgsqlConnection(database.ConnectionString))
        {
            await connection.OpenAsync(Ct);
            await ExecuteAsync(connection, "ALTER TABLE drafts DROP COLUMN page_tab, DROP COLUMN page_tab_revision");
            await ExecuteAsync(connection, "DELETE FROM schema_files WHERE name LIKE '0003%'");
            await AddAsync(connection, told, Before);
            await AddAsync(connection, silent, """{"id":"ID","owner":"OWNER","collection":"BioImages","createdAt":"2024-02-29T23:59:58.765+00:00","pageTab":null}""");
        }

        await using var upgraded = database.OpenAnother();
        await upgraded.StartAsync(Ct);

        var drafts = new PostgresDraftStore(upgraded);
        Assert.AreEqual("BioImages", (await drafts.FindAsync(told, Ct))!.Collection);
        Assert.IsNull(await drafts.OpenPageTabAsync(silent, Ct));
        await using var stored = await drafts.OpenPageTabAsync(told, Ct);
        await IsAsync(After, stored!);
    }

    [TestMethod]
    public async Task Start_WhenDocumentsOfDatasetsAreTrees_MakesThemTexts()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        var document = new DatasetDocument(Accession.From("S-TEST", 1), 2, SubmissionId.New());
        await using (var connection = new NpgsqlConnection(database.ConnectionString))
        {
            await connection.OpenAsync(Ct);
            await ExecuteAsync(connection, "DROP TABLE dataset_documents");
            // As in schema file 0001.
            await ExecuteAsync(connection, "CREATE TABLE dataset_documents (accession text COLLATE \"C\" NOT NULL, number int NOT NULL, submission uuid NOT NULL, data jsonb NOT NULL, PRIMARY KEY (accession, number, submission))");
            await ExecuteAsync(connection, "DELETE FROM schema_files WHERE name LIKE '0004%'");
            var tree = JsonNode.Parse(Before)!["pageTab"]!;
            var data = new JsonObject
            {
                ["accession"] = "S-TEST1", ["number"] = 2, ["submission"] = document.Submission.ToString(), ["pageTab"] = tree.DeepClone(),
                ["asSent"] = new JsonObject { ["accession"] = null, ["attributes"] = new JsonArray(), ["section"] = null },
            };
            await using var insert = new NpgsqlCommand("INSERT INTO dataset_documents VALUES ('S-TEST1', 2, $1, $2::jsonb)", connection);
            insert.Parameters.Add(new() { Value = document.Submission.Value });
            insert.Parameters.Add(new() { Value = data.ToJsonString() });
            await insert.ExecuteNonQueryAsync(Ct);
        }

        await using var upgraded = database.OpenAnother();
        await upgraded.StartAsync(Ct);

        var datasets = new PostgresDatasetStore(upgraded);
        await using var given = await datasets.OpenPageTabAsync(document, Ct);
        await using var sent = await datasets.OpenSentPageTabAsync(document, Ct);
        // Not known to tell the date that holds: it is written once more when it is asked for.
        Assert.IsNull(given!.ReleaseDate);
        await IsAsync(After, given);
        await IsAsync("""{"type":"submission"}""", sent!);
    }

    private async Task IsAsync(string expected, StoredPageTab stored)
    {
        var reading = await PageTabJson.ReadAsync(stored.Content, PageTabLimits.Default, Ct);
        using var written = new MemoryStream();
        await PageTabJson.WriteAsync(reading.Document!, written, Ct);
        Assert.IsTrue(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(written.ToArray())), JsonNode.Parse(written.ToArray())!.ToJsonString());
    }

    private async Task AddAsync(NpgsqlConnection connection, DraftId id, string data)
    {
        var owner = Guid.NewGuid();
        await using var insert = new NpgsqlCommand("INSERT INTO drafts (id, owner, revision, data) VALUES ($1, $2, 3, $3::jsonb)", connection);
        insert.Parameters.Add(new() { Value = id.Value });
        insert.Parameters.Add(new() { Value = owner });
        insert.Parameters.Add(new() { Value = data.Replace("\"ID\"", $"\"{id}\"", StringComparison.Ordinal).Replace("\"OWNER\"", $"\"{owner:N}\"", StringComparison.Ordinal) });
        await insert.ExecuteNonQueryAsync(Ct);
    }

    private async Task ExecuteAsync(NpgsqlConnection connection, string text)
    {
#pragma warning disable CA2100 // Constants of this class.
        await using var command = new NpgsqlCommand(text, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Ct);
    }
}
