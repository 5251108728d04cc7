using Archive.Indexer.Text;

namespace Archive.Indexer.Tests;

/// <summary>Pairs from the vocabulary published with the algorithm: snowballstem/snowball-data, english/voc.txt and output.txt, ba91f32.</summary>
[TestClass]
public sealed class Porter2Tests
{
    private const string Published = """
        consign consign consigned consign consigning consign consignment consign consist consist consisted consist consistency
        consist consistent consist consistently consist consisteth consisteth consisting consist consistory consistori consists
        consist consolate consol consolation consol consolations consol consolatory consolatori console consol consoled consol
        consoler consol consoles consol consolidate consolid consolidated consolid consolidating consolid consolidation
        consolid consoling consol consolingly consol consols consol consonancy conson consonant conson consort consort
        consorted consort consortest consortest consorting consort conspectuities conspectu conspicuous conspicu conspicuously
        conspicu conspir conspir conspiracy conspiraci conspirant conspir knack knack knackeries knackeri knacks knack knag
        knag knapp knapp knapsack knapsack knav knav knave knave knaveries knaveri knavery knaveri knaves knave knavish knavish
        knead knead kneaded knead kneading knead knee knee kneel kneel kneeled kneel kneeling kneel kneels kneel knees knee
        knell knell knelled knell knelt knelt knew knew knewest knewest knick knick knicknacks knicknack knif knif knife knife
        knight knight knighted knight knighthood knighthood knighthoods knighthood knightly knight knights knight knightsbridge
        knightsbridg knit knit knits knit knitted knit added add adjustment adjust adoption adopt agreed agre andes andes
        arsenal arsenal arsenic arsenic atlas atlas bias bias by by canning canning communicate communic communism communism
        conditional condit controlling control cosmos cosmos cried cri cry cri dying die early earli earring earring electrical
        electr electricity electr emerge emerg emergency emergenc evening evening exceed exceed failing fail falling fall feed
        feed filing file gaps gap gas gas generate generat generic generic gently gentl geologist geolog geology geolog
        goodness good herring herring hopefulness hope hoping hope hopping hop howe howe idly idl inning inning international
        internat later later lateral lateral luxuriating luxuri lying lie news news offing off only onli organ organ organism
        organism organization organiz outing outing past past paste paste proceed proceed rolling roll say say sensibility
        sensibl singly singl sized size skies sky sky sky succeed succeed this this ties tie troubled troubl tying tie ugly
        ugli universal universal universe univers university universiti
        """;

    [TestMethod]
    public void Stem_OfPublishedVocabulary_IsThePublishedStem()
    {
        var words = Published.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        Assert.IsTrue(words.Length > 200 && words.Length % 2 == 0);
        for (var i = 0; i < words.Length; i += 2) Assert.AreEqual(words[i + 1], Porter2.Stem(words[i]), words[i]);
    }

    [TestMethod]
    public void Stem_OfTheWholeVocabularyWhereGiven_IsThePublishedStem()
    {
        // A copy of english/voc.txt and english/output.txt side by side, tab separated; 42,633 words are plain letters.
        if (Environment.GetEnvironmentVariable("ARCHIVE_TEST_PORTER2") is not { } file) Assert.Inconclusive("ARCHIVE_TEST_PORTER2 names no vocabulary.");
        else
            foreach (var pair in File.ReadLines(file).Select(l => l.Split('\t')).Where(p => p[0].All(char.IsAsciiLetterLower)))
                Assert.AreEqual(pair[1], Porter2.Stem(pair[0]), pair[0]);
    }
}
