using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Archive.Model.Accounts;
using Archive.Storage.Metadata.Postgres;
using Archive.TestKit;
using Archive.TestKit.Databases;
using Archive.TestKit.Mails;
using Archive.TestKit.Processes;
using Npgsql;

namespace Archive.Api.Tests.Mail;

/// <summary>Mail on its way: real processes, a real mail server, one database for several nodes.</summary>
[TestClass]
public sealed partial class MailDeliveryTests : IDisposable
{
    private readonly TempFolder folder = new();

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Ct => TestContext.CancellationToken;

    public void Dispose() => folder.Dispose();

    [TestMethod]
    public async Task Smtp_WhenTheServerAsksForTlsAndASignIn_GetsBothAndTheMail()
    {
        using var certificate = SelfSigned();
        await File.WriteAllTextAsync(folder["ca.pem"], certificate.ExportCertificatePem(), Ct);
        await File.WriteAllTextAsync(folder["password"], "pass wörd\n", Ct);
        await using var server = new SmtpServer(certificate, eightBit: false);
        await using var archive = Node("one", null, server, "--smtp-tls", "starttls", "--smtp-user", "archive", "--smtp-password-file", folder["password"],
            "--mail-from", "images@example.org");
        archive.Environment["SSL_CERT_FILE"] = folder["ca.pem"];
        await archive.StartAsync(Ct);

        await RegisterAsync(archive, "ada@example.org", "Ada Lövelace");

        await Poll.Until(() => server.Taken.Count == 1, "the mail arrives", Ct, TimeSpan.FromSeconds(30));
        var mail = server.To("ada@example.org").Single();
        Assert.AreEqual("images@example.org", server.Taken[0].From);
        Assert.Contains("Ada Lövelace", mail.Text);
        Assert.EndsWith("@example.org>", mail.MessageId);
        Assert.AreEqual("quoted-printable", mail["Content-Transfer-Encoding"]); // it offers no 8BITMIME
        // RFC 4616: authorisation id, user, password, separated by NUL.
        Assert.Contains("AUTH PLAIN " + Convert.ToBase64String("\0archive\0pass wörd"u8), server.Commands);
        Assert.IsLessThan(server.Commands.ToList().FindIndex(c => c.StartsWith("AUTH", StringComparison.Ordinal)), server.Commands.ToList().IndexOf("STARTTLS"));
        await ConfirmAsync(archive, mail.Token!);
        Assert.IsFalse(Directory.Exists(Path.Combine(archive.DataFolder, "mail")));
    }

    [TestMethod]
    public async Task Smtp_WhenTheServerHasAnotherCertificate_GetsNothing()
    {
        using var certificate = SelfSigned();
        await using var server = new SmtpServer(certificate);
        await using var archive = Node("one", null, server, "--smtp-tls", "starttls");
        await archive.StartAsync(Ct);

        await RegisterAsync(archive, "ada@example.org");

        await Poll.Until(() => archive.Output.Contains("cannot be reached", StringComparison.Ordinal), "the archive says why it waits", Ct, TimeSpan.FromSeconds(30));
        Assert.IsEmpty(server.Taken);
        Assert.DoesNotContain(c => c.StartsWith("MAIL", StringComparison.Ordinal), server.Commands);
    }

    [TestMethod]
    public async Task Smtp_WhenARecipientIsRefused_WaitsOrGivesUpAsTheServerSays()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        await using var server = new SmtpServer { Behaviour = SmtpBehaviour.RefuseForGood };
        await using var archive = Node("one", database, server);
        await archive.StartAsync(Ct);
        var mails = new PostgresMailStore(database.Metadata);

        await RegisterAsync(archive, "gone@example.org");
        await Poll.Until(async () => (await mails.CountAsync(Ct)).Failed == 1, "it is given up", Ct, TimeSpan.FromSeconds(30));
        server.Behaviour = SmtpBehaviour.RefuseForNow;
        await RegisterAsync(archive, "busy@example.org");
        await Poll.Until(() => archive.Output.Contains("451 later", StringComparison.Ordinal), "it waits", Ct, TimeSpan.FromSeconds(30));
        server.Behaviour = SmtpBehaviour.CutOff;
        await RegisterAsync(archive, "cut@example.org");
        await Poll.Until(() => archive.Output.Contains("closed the connection", StringComparison.Ordinal), "it waits", Ct, TimeSpan.FromSeconds(30));
        Assert.AreEqual(2, (await mails.CountAsync(Ct)).Waiting);
        Assert.IsEmpty(server.Taken);

        // Half a minute later, by the database's clock.
        server.Behaviour = SmtpBehaviour.Take;
        await ExecuteAsync(database, "UPDATE mails SET due_at = now() WHERE due_at IS NOT NULL");

        await Poll.Until(() => server.Taken.Count == 2, "both arrive", Ct, TimeSpan.FromSeconds(30));
        CollectionAssert.AreEquivalent(new[] { "busy@example.org", "cut@example.org" }, server.Taken.Select(m => m.To).ToArray());
        Assert.AreEqual(1, server.Commands.Count(c => c.Contains("gone@", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task Secrets_WhenTheDatabaseIsRead_AreNotInIt()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        await using var server = new SmtpServer();
        await using var archive = Node("one", database, server);
        await archive.StartAsync(Ct);
        await RegisterAsync(archive, "ada@example.org");
        await Poll.Until(() => server.Taken.Count == 1, "the mail arrives", Ct, TimeSpan.FromSeconds(30));
        var client = new ArchiveClient(archive.Http);
        await client.SignInAsync("ada@example.org", "a long enough password", Ct);
        using var made = await client.SendAsync(HttpMethod.Post, "/api/accounts/me/tokens", JsonContent.Create(new { name = "a" }), Ct);
        var apiToken = (await made.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(Ct)).GetProperty("token").GetString()!;
        var mailToken = server.To("ada@example.org").Single().Token!;

        var everything = await DumpAsync(database);

        Assert.Contains("ada@example.org", everything);
        foreach (var secret in new[] { client.Token!, apiToken, mailToken, "a long enough password" })
        {
            Assert.DoesNotContain(secret, everything);
            Assert.DoesNotContain(secret, archive.Output);
        }
    }

    [TestMethod]
    public async Task MailToken_WhenItsTimeIsOver_IsWorthNothing()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        await using var server = new SmtpServer();
        await using var archive = Node("one", database, server);
        await archive.StartAsync(Ct);
        await RegisterAsync(archive, "ada@example.org");
        await Poll.Until(() => server.Taken.Count == 1, "the mail arrives", Ct, TimeSpan.FromSeconds(30));
        using (var asked = await archive.Http.PostAsJsonAsync("/api/accounts/password-reset", new { email = "ada@example.org" }, Ct)) asked.EnsureSuccessStatusCode();
        await Poll.Until(() => server.Taken.Count == 2, "the mail arrives", Ct, TimeSpan.FromSeconds(30));
        var token = server.To("ada@example.org")[1].Token!;
        var store = new PostgresAccountStore(database.Metadata);
        await Poll.Until(async () => (await store.FindByEmailAsync("ada@example.org", Ct))!.Effects.IsEmpty, "the account is at rest", Ct);
        var account = (await store.FindByEmailAsync("ada@example.org", Ct))!;
        var reset = account.Secrets.Single(s => s.Purpose == SecretPurpose.ResetPassword);
        // One hour, judged by the database's clock.
        Assert.IsLessThan(TimeSpan.FromMinutes(1), (reset.ExpiresAt - account.AsOf - TimeSpan.FromHours(1)).Duration());

        Assert.IsTrue(await store.TryReplaceAsync(account with { Secrets = [.. account.Secrets.Select(s => s with { ExpiresAt = s.ExpiresAt.AddDays(-8) })] }, Ct));

        using var late = await archive.Http.PostAsJsonAsync("/api/accounts/password-reset/confirm", new { token, password = "a new password" }, Ct);
        using var lateToo = await archive.Http.PostAsJsonAsync("/api/accounts/confirm", new { token = server.To("ada@example.org")[0].Token }, Ct);
        Assert.AreEqual(HttpStatusCode.BadRequest, late.StatusCode);
        Assert.AreEqual(HttpStatusCode.BadRequest, lateToo.StatusCode);
    }

    [TestMethod]
    public async Task ApiToken_WhenItsTimeIsOver_IsWorthNothing()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        await using var server = new SmtpServer();
        await using var archive = Node("one", database, server);
        await archive.StartAsync(Ct);
        await RegisterAsync(archive, "ada@example.org");
        var client = new ArchiveClient(archive.Http);
        await client.SignInAsync("ada@example.org", "a long enough password", Ct);
        using var made = await client.SendAsync(HttpMethod.Post, "/api/accounts/me/tokens", JsonContent.Create(new { name = "a", days = 1 }), Ct);
        var token = (await made.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(Ct)).GetProperty("token").GetString()!;
        Assert.AreEqual(HttpStatusCode.OK, await ReadAsync());
        var store = new PostgresAccountStore(database.Metadata);
        await Poll.Until(async () => (await store.FindByEmailAsync("ada@example.org", Ct))!.Effects.IsEmpty, "the account is at rest", Ct);
        var account = (await store.FindByEmailAsync("ada@example.org", Ct))!;
        // One day, judged by the database's clock.
        Assert.IsLessThan(TimeSpan.FromMinutes(1), (account.Tokens.Single().ExpiresAt - account.AsOf - TimeSpan.FromDays(1)).Duration());

        Assert.IsTrue(await store.TryReplaceAsync(account with { Tokens = [account.Tokens.Single() with { ExpiresAt = account.AsOf }] }, Ct));

        Assert.AreEqual(HttpStatusCode.Unauthorized, await ReadAsync());

        async Task<HttpStatusCode> ReadAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/drafts");
            request.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", token);
            using var answer = await archive.Http.SendAsync(request, Ct);
            return answer.StatusCode;
        }
    }

    [TestMethod]
    public async Task Templates_WhenTheOperatorHasHisOwn_GoBeforeTheArchives()
    {
        Directory.CreateDirectory(folder["templates"]);
        await File.WriteAllTextAsync(folder["templates/confirm-email.txt"], "Subject: Grüße, {name}\n\n.a line that begins with a dot\n{address}?token={token}\n", Ct);
        await using var server = new SmtpServer();
        await using var archive = Node("one", null, server, "--mail-templates", folder["templates"]);
        await archive.StartAsync(Ct);

        await RegisterAsync(archive, "ada@example.org", "Ada {token}");

        await Poll.Until(() => server.Taken.Count == 1, "the mail arrives", Ct, TimeSpan.FromSeconds(30));
        var mail = server.To("ada@example.org").Single();
        Assert.AreEqual("Grüße, Ada {token}", mail.Subject);
        Assert.StartsWith(".a line that begins with a dot\n", mail.Text);

        await archive.StopAsync();
        await File.WriteAllTextAsync(folder["templates/confirm-email.txt"], "Subject: x\n\n{nothing}\n", Ct);
        archive.Launch();
        Assert.AreEqual(2, await archive.WaitForExitAsync(Ct));
        Assert.Contains("there is nothing to put at the place {nothing}", archive.Output);
    }

    private async Task RegisterAsync(ArchiveProcess archive, string email, string name = "A Person")
    {
        using var answer = await archive.Http.PostAsJsonAsync("/api/accounts", new { email, password = "a long enough password", name }, Ct);
        Assert.AreEqual(HttpStatusCode.Accepted, answer.StatusCode, await answer.Content.ReadAsStringAsync(Ct));
    }

    private async Task ConfirmAsync(ArchiveProcess archive, string token)
    {
        using var answer = await archive.Http.PostAsJsonAsync("/api/accounts/confirm", new { token }, Ct);
        Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode, await answer.Content.ReadAsStringAsync(Ct));
    }

    private async Task<HttpStatusCode> SignInAsync(ArchiveProcess archive, string email, string password)
    {
        using var answer = await archive.Http.PostAsJsonAsync("/api/sessions", new { email, password }, Ct);
        return answer.StatusCode;
    }

    private async Task ExecuteAsync(TestDatabase database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Ct);
    }

    private async Task<string> DumpAsync(TestDatabase database)
    {
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var command = source.CreateCommand("""
            SELECT string_agg(x::text, E'\n') FROM (
                SELECT a::text x FROM accounts a UNION ALL SELECT s::text FROM sessions s UNION ALL SELECT m::text FROM mails m
                UNION ALL SELECT u::text FROM audit u UNION ALL SELECT t::text FROM tallies t) everything
            """);
        return (string)(await command.ExecuteScalarAsync(Ct))!;
    }

    private static Account Person(string email) => new()
    {
        Id = AccountId.New(), Email = email, Name = "A Person", PasswordHash = null, Role = Role.Depositor, CreatedAt = TimeProvider.System.GetUtcNow(),
    };

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
