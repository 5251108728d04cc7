namespace Archive.Indexer.Text;

/// <summary>
/// The English stemming algorithm "Porter2" as defined at snowballstem.org/algorithms/english/stemmer.html, in its form since
/// Snowball 3.0. Takes folded lower-case words without apostrophes.
/// </summary>
internal static partial class Porter2
{
    private const int MaxLength = 128;

    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal)
    {
        ["skis"] = "ski", ["skies"] = "sky", ["idly"] = "idl", ["gently"] = "gentl", ["ugly"] = "ugli", ["early"] = "earli", ["only"] = "onli",
        ["singly"] = "singl", ["sky"] = "sky", ["news"] = "news", ["howe"] = "howe", ["atlas"] = "atlas", ["cosmos"] = "cosmos",
        ["bias"] = "bias", ["andes"] = "andes",
    };

    private static readonly string[] RegionOnePrefixes = ["gener", "commun", "arsen", "past", "univers", "later", "emerg", "organ", "inter"];

    /// <summary>The stem of a word.</summary>
    public static string Stem(string word)
    {
        if (word.Length is <= 2 or > MaxLength) return word;
        if (Exceptions.TryGetValue(word, out var exception)) return exception;
        foreach (var c in word)
            if (!char.IsAsciiLetterLower(c))
                return word;
        Span<char> letters = stackalloc char[MaxLength + 1];
        word.CopyTo(letters);
        var stem = new Word(letters, word.Length);
        stem.MarkConsonantY();
        stem.FindRegions();
        stem.Step1A();
        stem.Step1B();
        stem.Step1C();
        stem.Step2();
        stem.Step3();
        stem.Step4();
        stem.Step5();
        return stem.Finish();
    }

    // The word being stemmed. A consonant y is written Y.
    private ref partial struct Word
    {
        private readonly Span<char> letters;
        private int length;
        private int region1;
        private int region2;

        public Word(Span<char> letters, int length)
        {
            this.letters = letters;
            this.length = length;
        }

        private readonly ReadOnlySpan<char> Text => letters[..length];

        public readonly string Finish() => Text.ToString().ToLowerInvariant();

        public void MarkConsonantY()
        {
            if (letters[0] == 'y') letters[0] = 'Y';
            for (var i = 1; i < length; i++)
                if (letters[i] == 'y' && IsVowel(letters[i - 1]))
                    letters[i] = 'Y';
        }

        public void FindRegions()
        {
            region1 = -1;
            foreach (var prefix in RegionOnePrefixes)
                if (Text.StartsWith(prefix))
                    region1 = prefix.Length;
            if (region1 < 0) region1 = RegionFrom(0);
            region2 = RegionFrom(region1);
        }

        private static bool IsVowel(char c) => c is 'a' or 'e' or 'i' or 'o' or 'u' or 'y';

        // The region after the first non-vowel that follows a vowel.
        private readonly int RegionFrom(int from)
        {
            for (var i = from + 1; i < length; i++)
                if (!IsVowel(letters[i]) && IsVowel(letters[i - 1]))
                    return i + 1;
            return length;
        }

        private readonly bool Ends(string suffix) => Text.EndsWith(suffix);

        private readonly bool InRegion1(string suffix) => length - suffix.Length >= region1;

        private readonly bool InRegion2(string suffix) => length - suffix.Length >= region2;

        private void Replace(string suffix, string by)
        {
            length -= suffix.Length;
            by.CopyTo(letters[length..]);
            length += by.Length;
        }

        private readonly bool HasVowel(int end)
        {
            for (var i = 0; i < end; i++)
                if (IsVowel(letters[i]))
                    return true;
            return false;
        }

        private readonly bool EndsInDouble() => length > 1 && letters[length - 1] == letters[length - 2]
            && letters[length - 1] is 'b' or 'd' or 'f' or 'g' or 'm' or 'n' or 'p' or 'r' or 't';

        // A short syllable at the end of the first letters.
        private readonly bool IsShortSyllable(int end)
        {
            if (end == 2) return IsVowel(letters[0]) && !IsVowel(letters[1]);
            if (end < 3) return false;
            if (end == 4 && letters[..4] is "past") return true;
            return !IsVowel(letters[end - 3]) && IsVowel(letters[end - 2])
                && !IsVowel(letters[end - 1]) && letters[end - 1] is not ('w' or 'x' or 'Y');
        }

        private readonly bool IsShort() => region1 >= length && IsShortSyllable(length);
    }
}
