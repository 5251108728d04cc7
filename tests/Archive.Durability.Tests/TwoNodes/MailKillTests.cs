using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Archive.TestKit;
using Archive.TestKit.Mails;

namespace Archive.Durability.Tests.TwoNodes;

/// <summary>A node that is killed while it sends mails: each arrives, and what arrives twice is the same mail.</summary>
[TestClass]
[TestCategory("Nodes")]
public sealed class MailKillTests : DurabilityTest
{
    private const int EachRound = 24;

    // How many mails a node sends at once, and so how many a kill can cut.
    private const int SendersAtOnce = 4;

    [TestMethod]
    public async Task Kill_WhenMailsAreBeingSent_EachArrivesAndAtMostOnceMoreUnderItsMessageId()
    {
        var random = new Random();
        await using var pair = await NodePair.CreateAsync(Folder, Ct, "--mail-timeout-seconds", "5");
        await pair.StartAsync(Ct);
        // Between taking a mail and saying so, so that kills come there.
        foreach (var node in pair.Nodes) node.Mails.Thinks = TimeSpan.FromMilliseconds(200);
        var (rounds, repeated) = (IsLong ? 40 : 3, 0);
        var addresses = new List<string>();
        for (var round = 0; round < rounds; round++)
        {
            var (killed, other) = (pair.Nodes[round % 2], pair.Nodes[(round + 1) % 2]);
            var (asked, enough) = (killed.Mails.MessagesAskedFor, random.Next(1, EachRound / 4));
            var registering = RegisterAsync(pair, round);
            await Poll.Until(() => killed.Mails.MessagesAskedFor >= asked + enough || registering.IsFaulted, "mails are being sent", Ct, TimeSpan.FromMinutes(1));
            await killed.Process.KillAsync();
            killed.Leave();
            var registered = await registering;
            await ArrivedAsync(pair, registered);
            await killed.Process.StartAsync(Ct);
            killed.Return();
            addresses.AddRange(registered);

            var again = Sent(pair).GroupBy(m => m.MessageId).Count(g => g.Count() > 1);
            Assert.IsLessThanOrEqualTo(SendersAtOnce, again - repeated, "More mails came twice than the killed node was sending.");
            Say($"round {round}: {killed.Name} killed after {enough} mails, {again - repeated} came once more, by {(round % 2 == 0 ? "the second" : "the first")} node");
            repeated = again;
        }

        // The whole, after both have lived for a while.
        var last = await RegisterAsync(pair, rounds);
        await ArrivedAsync(pair, last);
        addresses.AddRange(last);
        var sent = Sent(pair);
        PairOracle.Same(addresses, sent.DistinctBy(m => m.MessageId).Select(m => m.To).Intersect(addresses, StringComparer.Ordinal), "who got a mail");
        foreach (var mail in sent.GroupBy(m => m.MessageId))
        {
            Assert.IsLessThanOrEqualTo(2, mail.Count(), $"{mail.First().To} got a mail {mail.Count()} times.");
            Assert.AreEqual(1, mail.Select(m => m.Bytes).Distinct(StringComparer.Ordinal).Count(), "a repetition differs");
        }
        foreach (var person in sent.GroupBy(m => m.To)) Assert.AreEqual(1, person.Select(m => m.MessageId).Distinct().Count(), $"{person.Key} got two mails of one event.");
        foreach (var address in last) Assert.AreEqual(1, sent.Count(m => m.To == address), "Nobody died, and a mail came twice.");
        Assert.IsGreaterThan(0, repeated, "No kill came while a mail was under way: nothing was shown.");
        Say($"{rounds} kills, {addresses.Count} mails, {repeated} came once more");
    }

    // Those whose registration was answered; a request that is cut may or may not have been one.
    private async Task<IReadOnlyCollection<string>> RegisterAsync(NodePair pair, int round)
    {
        var answered = new ConcurrentBag<string>();
        using var client = FailOver.Client(pair.Nodes[round % 2], pair.Nodes[(round + 1) % 2]);
        await Parallel.ForAsync(0, EachRound, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Ct }, async (i, stop) =>
        {
            var email = $"person-{round}-{i}@example.org";
            try
            {
                using var answer = await client.PostAsJsonAsync("/api/accounts", new { email, password = "a long enough password", name = "A Person" }, stop);
                Assert.AreEqual(HttpStatusCode.Accepted, answer.StatusCode);
                answered.Add(email);
            }
            catch (HttpRequestException e) when (e.StatusCode is null)
            {
                // The node died before it answered.
            }
        });
        return [.. answered];
    }

    private async Task ArrivedAsync(NodePair pair, IReadOnlyCollection<string> addresses)
    {
        await Poll.Until(() => addresses.Except(Sent(pair).Select(m => m.To), StringComparer.Ordinal).Any() == false, "everybody has a mail", Ct, TimeSpan.FromMinutes(2));
        await pair.SettleAsync(Ct);
    }

    private static List<(string To, string MessageId, string Bytes)> Sent(NodePair pair) =>
        [.. pair.Nodes.SelectMany(n => n.Mails.Taken).Select(m => (m.To, ReceivedMail.Parse(m.Message).MessageId, Convert.ToBase64String(m.Message)))];
}
