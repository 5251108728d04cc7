namespace Archive.Indexer.Text;

internal static partial class Porter2
{
    // Longest first: the definition takes the longest that fits, and does nothing when that one's condition fails.
    private static readonly (string Suffix, string By)[] Suffixes2 =
    [
        ("ational", "ate"), ("fulness", "ful"), ("iveness", "ive"), ("ization", "ize"), ("ousness", "ous"), ("biliti", "ble"),
        ("lessli", "less"), ("tional", "tion"), ("alism", "al"), ("aliti", "al"), ("ation", "ate"), ("entli", "ent"), ("fulli", "ful"),
        ("iviti", "ive"), ("ousli", "ous"), ("ogist", "og"), ("abli", "able"), ("alli", "al"), ("anci", "ance"), ("ator", "ate"),
        ("enci", "ence"), ("izer", "ize"), ("bli", "ble"), ("ogi", "og"), ("li", ""),
    ];

    private static readonly (string Suffix, string By)[] Suffixes3 =
    [
        ("ational", "ate"), ("tional", "tion"), ("alize", "al"), ("ative", ""), ("icate", "ic"), ("iciti", "ic"), ("ical", "ic"),
        ("ness", ""), ("ful", ""),
    ];

    private static readonly string[] Suffixes4 =
    [
        "ement", "able", "ance", "ence", "ible", "ment", "ant", "ate", "ent", "ion", "ism", "iti", "ive", "ize", "ous", "al", "er", "ic",
    ];

    private static readonly string[] KeepIng = ["inn", "out", "cann", "herr", "earr", "even"];

    private ref partial struct Word
    {
        public void Step1A()
        {
            if (Ends("sses")) length -= 2;
            else if (Ends("ied") || Ends("ies")) length -= length > 4 ? 2 : 1;
            else if (Ends("us") || Ends("ss")) return;
            else if (Ends("s") && HasVowel(length - 2)) length--;
        }

        public void Step1B()
        {
            if (Ends("eed") || Ends("eedly"))
            {
                var suffix = Ends("eed") ? "eed" : "eedly";
                if (InRegion1(suffix) && !IsKeptEed(suffix)) Replace(suffix, "ee");
                return;
            }
            foreach (var suffix in (ReadOnlySpan<string>)["ingly", "edly", "ing", "ed"])
            {
                if (!Ends(suffix)) continue;
                var rest = length - suffix.Length;
                if (suffix == "ing" && IsKeptIng(rest)) return;
                if (!HasVowel(rest)) return;
                length = rest;
                Mend();
                return;
            }
        }

        public void Step1C()
        {
            if (length > 2 && letters[length - 1] is 'y' or 'Y' && !IsVowel(letters[length - 2])) letters[length - 1] = 'i';
        }

        public void Step2()
        {
            foreach (var (suffix, by) in Suffixes2)
            {
                if (!Ends(suffix)) continue;
                if (!InRegion1(suffix)) return;
                var before = length > suffix.Length ? letters[length - suffix.Length - 1] : ' ';
                if (suffix == "ogi" && before != 'l') return;
                if (suffix == "li" && !"cdeghkmnrt".Contains(before)) return;
                Replace(suffix, by);
                return;
            }
        }

        public void Step3()
        {
            foreach (var (suffix, by) in Suffixes3)
            {
                if (!Ends(suffix)) continue;
                if (InRegion1(suffix) && (suffix != "ative" || InRegion2(suffix))) Replace(suffix, by);
                return;
            }
        }

        public void Step4()
        {
            foreach (var suffix in Suffixes4)
            {
                if (!Ends(suffix)) continue;
                if (!InRegion2(suffix)) return;
                if (suffix == "ion" && (length < 4 || letters[length - 4] is not ('s' or 't'))) return;
                length -= suffix.Length;
                return;
            }
        }

        public void Step5()
        {
            if (Ends("e"))
            {
                if (InRegion2("e") || (InRegion1("e") && !IsShortSyllable(length - 1))) length--;
            }
            else if (Ends("l") && InRegion2("l") && length > 1 && letters[length - 2] == 'l') length--;
        }

        private readonly bool IsKeptEed(string suffix) => letters[..(length - suffix.Length)] is "proc" or "exc" or "succ";

        private bool IsKeptIng(int rest)
        {
            if (rest == 2 && letters[1] == 'y' && !IsVowel(letters[0]))
            {
                Replace("ying", "ie");
                return true;
            }
            foreach (var kept in KeepIng)
                if (letters[..rest].SequenceEqual(kept))
                    return true;
            return false;
        }

        // After a verb's ending is gone: luxuriat(e), hop(p), hop(e).
        private void Mend()
        {
            if (Ends("at") || Ends("bl") || Ends("iz")) letters[length++] = 'e';
            else if (EndsInDouble())
            {
                if (length != 3 || letters[0] is not ('a' or 'e' or 'o')) length--;
            }
            else if (IsShort()) letters[length++] = 'e';
        }
    }
}
