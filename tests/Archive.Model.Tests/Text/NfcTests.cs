using System.Globalization;
using System.Text;
using Archive.Model.Files;
using Archive.Model.Text;

namespace Archive.Model.Tests.Text;

[TestClass]
public sealed class NfcTests
{
    // Lines of NormalizationTest.txt (unicode.org/Public/UCD/latest/ucd): column 1 and column 2.
    [TestMethod]
    [DataRow("", "")]
    [DataRow("0061", "0061")]
    [DataRow("0061 0308", "00E4")]
    [DataRow("1E0A", "1E0A")]
    [DataRow("1E0A 0323", "1E0C 0307")]
    [DataRow("0044 0307 0323", "1E0C 0307")]
    [DataRow("1E14 0304", "1E14 0304")]
    [DataRow("05B8 05B9 05B1 0591 05C3 05B0 05AC 059F", "05B1 05B8 05B9 0591 05C3 05B0 05AC 059F")]
    [DataRow("212B", "00C5")]
    [DataRow("2126", "03A9")]
    [DataRow("0344", "0308 0301")]
    [DataRow("0958", "0915 093C")]
    [DataRow("FB1D", "05D9 05B4")]
    [DataRow("1100 1161 11A8", "AC01")]
    [DataRow("AC00 11A8", "AC01")]
    [DataRow("AC01 11A8", "AC01 11A8")]
    [DataRow("1100 AC00 11A8", "1100 AC01")]
    [DataRow("F900", "8C48")]
    [DataRow("1D15E", "1D157 1D165")]
    [DataRow("11099 110BA", "1109A")]
    [DataRow("0061 0315 0300 05AE 0300 0062", "00E0 05AE 0300 0315 0062")]
    [DataRow("0B47 0300 0B3E", "0B47 0300 0B3E")]
    [DataRow("FB01", "FB01")]
    public void Of_WhenGivenTheStandardsCases_GivesTheirFormC(string source, string expected) =>
        Assert.AreEqual(expected, Hex(Nfc.Of(Text(source))));

    [TestMethod]
    public void MatchKey_WhenTwoPathsLookAlike_IsTheSame() => Assert.AreEqual(
        ArchivePath.Parse("M\u00fcller.tif", null).MatchKey, ArchivePath.Parse("Mu\u0308ller.tif", null).MatchKey);

    private static string Text(string hex) => string.Concat(hex.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(h => new Rune(int.Parse(h, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString()));

    private static string Hex(string text) => string.Join(' ', text.EnumerateRunes().Select(r => r.Value.ToString("X4", CultureInfo.InvariantCulture)));
}
