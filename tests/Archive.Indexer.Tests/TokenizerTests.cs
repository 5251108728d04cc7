using Archive.Indexer.Text;

namespace Archive.Indexer.Tests;

[TestClass]
public sealed class TokenizerTests
{
    [TestMethod]
    [DataRow("Dividing cells", "divid cell")]
    [DataRow("S-BIAD1043", "=s-biad1043 s biad1043")]
    [DataRow("CDK1s, (GFP-tagged)!", "cdk1s =gfp-tagged gfp tag")]
    [DataRow("10.1038/s41586-020-1.", "=10.1038/s41586-020-1 10 1038 s41586 020 1")]
    [DataRow("patient's patients’ O'Neil", "patient patient oneil")]
    [DataRow("Müller-Straße naïve Ångström", "=muller-strasse muller strass naiv angstrom")]
    [DataRow("cafe\u0301 \u0301 - . --", "cafe")]
    [DataRow("5-µm", "=5-μm 5 μm")]
    [DataRow("", "")]
    public void Tokenize_OfProse_GivesTermsAndKeepsIdentifiersWhole(string text, string expected)
    {
        var tokens = new List<Token>();
        new Tokenizer().Tokenize(text, tokens);
        Assert.AreEqual(expected, string.Join(' ', tokens.Select(t => (t.IsWhole ? "=" : "") + t.Term)));
    }

    [TestMethod]
    [DataRow("img_P0001/A01 DAPI.ome.tiff", "img p0001 a01 dapi ome tiff")]
    [DataRow("Müller's 0.125 µM", "muller s 0 125 μm")]
    public void Split_OfPathsAndValues_GivesFoldedWords(string text, string expected) => Assert.AreEqual(expected, string.Join(' ', WordSplitter.Split(text)));
}
