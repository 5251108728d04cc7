using Archive.Api.Pages;

namespace Archive.Api.Tests.Pages;

[TestClass]
public sealed class FormatTests
{
    [TestMethod]
    [DataRow(0, "0")]
    [DataRow(999, "999")]
    [DataRow(6_144, "6\u202F144")]
    [DataRow(45_024, "45\u202F024")]
    [DataRow(1_161_216, "1\u202F161\u202F216")]
    public void Count_WhenThousands_SeparatesThemThinly(long count, string expected) => Assert.AreEqual(expected, Format.Count(count));

    [TestMethod]
    [DataRow(999_999, "999\u202F999")]
    [DataRow(24_520_000, "24.5\u00A0million")]
    [DataRow(999_499_999, "999\u00A0million")]
    [DataRow(999_500_000, "1\u00A0billion")]
    [DataRow(1_200_000_000, "1.2\u00A0billion")]
    public void ShortCount_WhenMillions_Rounds(long count, string expected) => Assert.AreEqual(expected, Format.ShortCount(count));

    [TestMethod]
    [DataRow(0, "0 bytes")]
    [DataRow(1, "1 byte")]
    [DataRow(999, "999 bytes")]
    [DataRow(1_000, "1\u00A0kB")]
    [DataRow(8_400_930, "8.4\u00A0MB")]
    [DataRow(99_940_000, "99.9\u00A0MB")]
    [DataRow(159_875_214_336, "160\u00A0GB")]
    [DataRow(999_499_999, "999\u00A0MB")]
    [DataRow(999_500_000, "1\u00A0GB")]
    [DataRow(long.MaxValue, "9.2\u00A0EB")]
    public void Size_WhenAnyLength_HasADecimalUnit(long bytes, string expected) => Assert.AreEqual(expected, Format.Size(bytes));

    [TestMethod]
    public void Instant_WhenInAnotherZone_IsUtc() =>
        Assert.AreEqual("12 March 2026, 23:30\u00A0UTC", Format.Instant(new DateTimeOffset(2026, 3, 13, 1, 30, 0, TimeSpan.FromHours(2))));

    [TestMethod]
    public void Names_WhenOneBeyondTheLimit_ListsAllRatherThanOneOther()
    {
        Assert.AreEqual("a, b, c", Format.Names(["a", "b", "c"], 2));
        Assert.AreEqual("a, b and 2 others", Format.Names(["a", "b", "c", "d"], 2));
    }

    [TestMethod]
    public void Cut_WhenASurrogatePairStandsAtTheCut_LeavesItWholeOrOut()
    {
        var text = new string('x', 9) + "\U0001F9EC" + new string('y', 9);

        var cut = Format.Cut(text, 10);

        Assert.AreEqual(new string('x', 9) + " …", cut);
    }

    [TestMethod]
    public void Cut_WhenWords_EndsAfterOne() => Assert.AreEqual("nuclear pores …", Format.Cut("nuclear pores of yeast", 14));

    [TestMethod]
    public void Unwrap_WhenALongLineRunsOn_JoinsIt() => Assert.AreEqual(
        "We fixed the cells for ten minutes, washed them three times and mounted them.\nWe imaged them.",
        Format.Unwrap("We fixed the cells for ten minutes, washed them\r\nthree times and mounted them.\r\nWe imaged them."));

    [TestMethod]
    public void Unwrap_WhenLinesAreAList_LeavesThem() => Assert.AreEqual("diverse:\nFFPE tissue\nthin sections", Format.Unwrap("diverse:\nFFPE tissue\nthin sections"));
}
