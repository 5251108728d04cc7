using System.Text;
using Archive.Api.Mail;
using Archive.TestKit.Mails;

namespace Archive.Api.Tests.Mail;

/// <summary>A mail's bytes, read by a reader of its own.</summary>
[TestClass]
public sealed class ComposedMailTests
{
    private static readonly DateTimeOffset Date = new(2026, 11, 3, 4, 5, 6, TimeSpan.FromHours(2));

    [TestMethod]
    public void ToBytes_WhenPlain_IsWhatRfc5322Says()
    {
        var text = Encoding.UTF8.GetString(Mail("Hello", "One\n\n.Two\n").ToBytes(eightBit: true));

        Assert.AreEqual("""
            Date: Tue, 03 Nov 2026 02:05:06 +0000
            From: Archive <archive@example.org>
            To: ada@example.org
            Message-ID: <1@example.org>
            Subject: Hello
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: 7bit
            Auto-Submitted: auto-generated

            One

            .Two

            """.ReplaceLineEndings("\r\n"), text);
    }

    [TestMethod]
    [DataRow(true, "8bit")]
    [DataRow(false, "quoted-printable")]
    public void ToBytes_WhenOfAnyLetters_IsReadBackWhole(bool eightBit, string encoding)
    {
        var text = "Grüße = 100 % \t\n" + string.Concat(Enumerable.Repeat("Ω𝔘", 100)) + "\n trailing \n";
        var subject = "Ein langer Betreff: " + string.Concat(Enumerable.Repeat("Größe 𝔘 ", 20)) + "=?utf-8?B?";

        var mail = ReceivedMail.Parse(Mail(subject, text).ToBytes(eightBit));

        Assert.AreEqual(encoding, mail["Content-Transfer-Encoding"]);
        Assert.AreEqual(text, mail.Text);
        Assert.AreEqual(subject, mail.Subject);
    }

    [TestMethod]
    public void ToBytes_WhenALineIsTooLong_IsBrokenForTransport()
    {
        var text = new string('x', 5000) + "\n";

        var mail = ReceivedMail.Parse(Mail("x", text).ToBytes(eightBit: true));

        Assert.AreEqual(text, mail.Text);
    }

    // Whatever somebody types as a subject or text, no header begins there.
    [TestMethod]
    [DataRow("Hello\r\nBcc: eve@example.org")]
    [DataRow("Hello\nBcc: eve@example.org\n\nBody")]
    [DataRow("Hello\rBcc: eve@example.org")]
    [DataRow("Hello\u0085Bcc: eve@example.org")]
    public void ToBytes_WhenTheSubjectHoldsLineEnds_StaysOneField(string subject)
    {
        var mail = ReceivedMail.Parse(Mail(subject, "text\n").ToBytes(eightBit: false));

        Assert.IsFalse(mail.Headers.Any(h => h.Key == "Bcc"));
        Assert.HasCount(9, mail.Headers);
    }

    [TestMethod]
    [DataRow("ada@example.org\r\nBcc: eve@example.org")]
    [DataRow("ada@example.org>\r\nDATA")]
    [DataRow("\"a b\"@example.org")]
    [DataRow("ada@example.org, eve@example.org")]
    [DataRow("")]
    public void ToBytes_WhenAnAddressIsNone_IsRefused(string address)
    {
        Assert.ThrowsExactly<FormatException>(() => (Mail("x", "y\n") with { To = address }).ToBytes(true));
        Assert.ThrowsExactly<FormatException>(() => (Mail("x", "y\n") with { From = address }).ToBytes(true));
        Assert.ThrowsExactly<FormatException>(() => (Mail("x", "y\n") with { MessageId = $"<{address}>" }).ToBytes(true));
    }

    private static ComposedMail Mail(string subject, string text) => new("<1@example.org>", "archive@example.org", "ada@example.org", subject, text, Date);
}
