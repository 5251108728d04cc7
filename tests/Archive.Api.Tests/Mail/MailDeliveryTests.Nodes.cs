using System.Net;
using Archive.Model.Effects;
using Archive.Model.Mail;
using Archive.Storage.Metadata.Postgres;
using Archive.TestKit;
using Archive.TestKit.Databases;
using Archive.TestKit.Mails;
using Archive.TestKit.Processes;

namespace Archive.Api.Tests.Mail;

/// <summary>Mails and sign-ins where nodes share an archive, stop, or are killed.</summary>
public sealed partial class MailDeliveryTests
{
    [TestMethod]
    public async Task Mail_WhenItsSenderIsKilledBeforeItNotesIt_GoesOutOnceMoreUnderTheSameMessageId()
    {
        await using var server = new SmtpServer { Behaviour = SmtpBehaviour.TakeAndHang };
        await using var archive = Node("one", null, server, "--mail-timeout-seconds", "2");
        await archive.StartAsync(Ct);
        await RegisterAsync(archive, "ada@example.org");
        await Poll.Until(() => server.Taken.Count == 1, "the server has the mail", Ct, TimeSpan.FromSeconds(30));

        await archive.KillAsync();
        server.Behaviour = SmtpBehaviour.Take;
        await archive.StartAsync(Ct);

        await Poll.Until(() => server.Taken.Count == 2, "it is sent again", Ct, TimeSpan.FromSeconds(60));
        CollectionAssert.AreEqual(server.Taken[0].Message, server.Taken[1].Message);
        await ConfirmAsync(archive, server.To("ada@example.org")[0].Token!);
        // And no more: another mail comes through, and the first is not among what follows it.
        await RegisterAsync(archive, "bob@example.org");
        await Poll.Until(() => server.Taken.Any(m => m.To == "bob@example.org"), "the next mail arrives", Ct, TimeSpan.FromSeconds(30));
        Assert.AreEqual(2, server.Taken.Count(m => m.To == "ada@example.org"));
    }

    [TestMethod]
    public async Task Mail_WhenTwoNodesShareTheArchive_GoesOutOnce()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        await using var server = new SmtpServer();
        await using var one = Node("one", database, server);
        await using var two = Node("two", database, server);
        await one.StartAsync(Ct);
        await two.StartAsync(Ct);
        var addresses = Enumerable.Range(0, 30).Select(i => $"person{i}@example.org").ToList();

        await Parallel.ForEachAsync(addresses, new ParallelOptions { MaxDegreeOfParallelism = 6, CancellationToken = Ct },
            async (address, _) => await RegisterAsync(address.Length % 2 == 0 ? one : two, address));
        // As a node that died right after the write left it, with nobody told.
        var left = Person("left@example.org") with { Effects = PendingEffects.None.With(new OutgoingMail(MailId.New(), "left@example.org", "password-changed", new Dictionary<string, string>())) };
        await new PostgresAccountStore(database.Metadata).TryAddAsync(left, Ct);
        addresses.Add(left.Email);

        await Poll.Until(() => server.Taken.Select(m => m.To).Distinct().Count() == addresses.Count, "everybody has a mail", Ct, TimeSpan.FromSeconds(60));
        await Poll.Until(async () => (await new PostgresMailStore(database.Metadata).CountAsync(Ct)).Waiting == 0, "all are noted", Ct, TimeSpan.FromSeconds(30));
        Assert.HasCount(addresses.Count, server.Taken);
        Assert.AreEqual(addresses.Count, server.Taken.Select(m => ReceivedMail.Parse(m.Message).MessageId).Distinct().Count());
        // A token that one node sent is good at the other.
        await ConfirmAsync(one, server.To("person1@example.org").Single().Token!);
        await ConfirmAsync(two, server.To("person2@example.org").Single().Token!);
    }

    // Going on, it finds the server's answer waiting, and the mail sent by another meanwhile.
    [TestMethod]
    public async Task Mail_WhenItsSenderIsStoppedUntilAnotherHasSentIt_IsNotSentByTheSleeper()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        await using var server = new SmtpServer { Behaviour = SmtpBehaviour.HangBeforeMessage };
        await using var one = Node("one", database, server, "--mail-timeout-seconds", "2");
        await using var two = Node("two", database, server, "--mail-timeout-seconds", "2");
        await one.StartAsync(Ct);
        await RegisterAsync(one, "ada@example.org");
        await Poll.Until(() => server.Commands.Contains("DATA"), "the first holds the mail", Ct, TimeSpan.FromSeconds(30));

        one.Pause();
        server.Behaviour = SmtpBehaviour.Take;
        await two.StartAsync(Ct);
        await Poll.Until(() => server.To("ada@example.org").Count == 1, "the second sends it when the first's time is over", Ct, TimeSpan.FromSeconds(60));
        server.LetGo();
        await Poll.Until(() => server.MessagesAskedFor == 2, "the answer that the first waited for lies ready", Ct, TimeSpan.FromSeconds(30));
        one.Continue();

        await Poll.Until(() => one.Output.Contains("waits for", StringComparison.Ordinal), "the first gives the mail up", Ct, TimeSpan.FromSeconds(30));
        await two.StopAsync();
        await RegisterAsync(one, "bob@example.org");
        await Poll.Until(() => server.To("bob@example.org").Count == 1, "the first sends on", Ct, TimeSpan.FromSeconds(30));
        await Poll.Until(async () => (await new PostgresMailStore(database.Metadata).CountAsync(Ct)).Waiting == 0, "all are noted", Ct, TimeSpan.FromSeconds(30));
        Assert.HasCount(1, server.To("ada@example.org"));
    }

    [TestMethod]
    public async Task SignIn_WhenTriesAreSpreadOverNodes_IsThrottledOverAll()
    {
        await using var database = await TestDatabase.CreateAsync(Ct);
        await using var server = new SmtpServer();
        await using var one = Node("one", database, server, "--sign-in-failures", "6");
        await using var two = Node("two", database, server, "--sign-in-failures", "6");
        await one.StartAsync(Ct);
        await two.StartAsync(Ct);
        await RegisterAsync(one, "ada@example.org");

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 8; i++) statuses.Add(await SignInAsync(i % 2 == 0 ? one : two, "ada@example.org", "a wrong password"));

        CollectionAssert.AreEqual(Enumerable.Repeat(HttpStatusCode.Unauthorized, 6).Append(HttpStatusCode.TooManyRequests).Append(HttpStatusCode.TooManyRequests).ToList(), statuses);
        Assert.AreEqual(HttpStatusCode.TooManyRequests, await SignInAsync(two, "ADA@example.org", "a long enough password"));
        Assert.AreEqual(HttpStatusCode.Unauthorized, await SignInAsync(two, "bob@example.org", "a wrong password"));
    }

    private ArchiveProcess Node(string name, TestDatabase? database, SmtpServer server, params string[] more)
    {
        string[] shared = database is null ? [] : ["--postgres", database.ConnectionString, "--staging", folder["staging"], "--objects", folder["objects"]];
        string[] tls = more.Contains("--smtp-tls") ? [] : ["--smtp-tls", "none"];
        return new ArchiveProcess(folder[name], ["--smtp-host", "localhost", "--smtp-port", $"{server.Port}", "--reserve-bytes", "1000000", "--logs", "json", "--rate-limit", "0",
            .. tls, .. shared, .. more]);
    }
}
