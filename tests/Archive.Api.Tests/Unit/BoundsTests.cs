using System.Net;
using Archive.Api.Accounts;
using Archive.Api.Drafts;
using Archive.Api.Http;
using Archive.Api.Monitoring;
using Archive.Api.Running;
using Archive.Api.Submissions;
using Archive.Model.Accounts;
using Archive.Model.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Api.Tests.Unit;

/// <summary>Bounds that are kept in memory, and who counts as a program on the same machine.</summary>
[TestClass]
public sealed class BoundsTests
{
    [TestMethod]
    public void EventStreams_WhenOneAccountTakesItsShare_LeavesPlacesToOthers()
    {
        var streams = new EventStreams(Settings.Read(["--event-streams", "20"]));
        var (greedy, other) = (AccountId.New(), AccountId.New());
        var first = streams.Enter(greedy);
        using var second = streams.Enter(greedy);

        Assert.AreEqual(Problems.Busy, Assert.ThrowsExactly<ArchiveException>(() => streams.Enter(greedy)).Problem);
        using var place = streams.Enter(other);
        first.Dispose();
        first.Dispose();
        using var again = streams.Enter(greedy);
        Assert.ThrowsExactly<ArchiveException>(() => streams.Enter(greedy));
    }

    [TestMethod]
    public void DraftChecks_WhenOneAccountRunsTwo_RefuseItsThird()
    {
        var checks = new DraftChecks();
        var account = AccountId.New();
        using var first = checks.Enter(account);
        using var second = checks.Enter(account);

        Assert.AreEqual(Problems.Busy, Assert.ThrowsExactly<ArchiveException>(() => checks.Enter(account)).Problem);
        using var ofAnother = checks.Enter(AccountId.New());
    }

    [TestMethod]
    public void LargePageTabs_WhenOneAccountSendsTwo_RefuseItsSecondUntilTheFirstIsDone()
    {
        var large = new LargePageTabs();
        var account = AccountId.New();
        using (large.Enter(account))
        {
            Assert.AreEqual(Problems.Busy, Assert.ThrowsExactly<ArchiveException>(() => large.Enter(account)).Problem);
            using var ofAnother = large.Enter(AccountId.New());
        }
        using var again = large.Enter(account);
    }

    [TestMethod]
    public void IncomingPageTabs_WhenFourAccountsSendLongOnes_LetAFifthSendAndCheck()
    {
        var (large, incoming) = (new LargePageTabs(), new IncomingPageTabs());
        for (var i = 0; i < 4; i++) incoming.Enter(AccountId.New(), LongPageTabs.FromBytes + 1);

        Assert.IsNotNull(incoming.Enter(AccountId.New(), LongPageTabs.FromBytes + 1));
        Assert.IsNotNull(large.Enter(AccountId.New(), LongPageTabs.FromBytes + 1));
        Assert.IsNull(large.Enter(AccountId.New(), LongPageTabs.FromBytes));
        Assert.IsNull(large.Enter(AccountId.New(), null));
    }

    [TestMethod]
    [DataRow(null, null, true)]
    [DataRow("Sec-Fetch-Site", "same-origin", true)]
    [DataRow("Sec-Fetch-Site", "cross-site", false)]
    [DataRow("X-Forwarded-For", "192.0.2.1", false)]
    [DataRow("Forwarded", "for=192.0.2.1", false)]
    [DataRow("X-Real-IP", "192.0.2.1", false)]
    public void MayOperate_WhenOnLoopback_IsForProgramsThatSpeakForThemselves(string? field, string? value, bool expected)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Loopback;
        if (field is not null) http.Request.Headers[field] = value;

        Assert.AreEqual(expected, HealthEndpoints.MayOperate(http));
    }

    [TestMethod]
    public void Printable_WhenTheTextWouldSteerATerminal_HasNoControlCharacter() =>
        Assert.AreEqual("/a?[2Jb?c", RequestLog.Printable("/a\u001b[2Jb\nc"));
}
