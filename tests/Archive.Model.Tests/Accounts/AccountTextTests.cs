using Archive.Model.Accounts;
using Archive.Model.Mail;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Model.Tests.Accounts;

[TestClass]
public sealed class AccountTextTests
{
    // The first is the example of https://support.orcid.org/hc/en-us/articles/360006897674, the second its iD with an X.
    [TestMethod]
    [DataRow("0000-0002-1825-0097", true)]
    [DataRow("0000-0002-1694-233X", true)]
    [DataRow("0000-0002-1825-0098", false)]
    [DataRow("0000-0002-1694-233x", false)]
    [DataRow("0000000218250097", false)]
    [DataRow("0000-0002-1825-00 7", false)]
    [DataRow("https://orcid.org/0000-0002-1825-0097", false)]
    [DataRow("", false)]
    [DataRow(null, false)]
    public void Orcid_WhenRead_IsSoundByItsCheckCharacter(string? text, bool sound) => Assert.AreEqual(sound, Orcid.TryParse(text, null, out _));

    [TestMethod]
    [DataRow("ada@example.org", true)]
    [DataRow("operator@localhost", true)]
    [DataRow("a.b+c_d-e'f@sub.example-1.org", true)]
    [DataRow("ada", false)]
    [DataRow("@example.org", false)]
    [DataRow("ada@", false)]
    [DataRow("ada@@example.org", false)]
    [DataRow("ada@example..org", false)]
    [DataRow("ada@-example.org", false)]
    [DataRow(".ada@example.org", false)]
    [DataRow("a..b@example.org", false)]
    [DataRow("ada@example.org\n", false)]
    [DataRow("ada@exa mple.org", false)]
    [DataRow("<ada@example.org>", false)]
    [DataRow("\"ada\"@example.org", false)]
    [DataRow("ada@[127.0.0.1]", false)]
    [DataRow("adä@example.org", false)]
    [DataRow(null, false)]
    public void EmailAddress_WhenChecked_IsOnePlainAddress(string? text, bool sound) => Assert.AreEqual(sound, EmailAddress.IsSound(text));

    [TestMethod]
    public void MailId_OfWords_IsTheSameForTheSameWordsOnly()
    {
        Assert.AreEqual(MailId.Of("release", "S-BIAR1", "30"), MailId.Of("release", "S-BIAR1", "30"));
        Assert.AreNotEqual(MailId.Of("release", "S-BIAR1", "30"), MailId.Of("release", "S-BIAR1", "7"));
        Assert.AreNotEqual(MailId.Of("ab", "c"), MailId.Of("a", "bc"));
        Assert.AreEqual('8', MailId.Of("x").ToString()[12]);
    }
}
