using System.Text;

namespace Archive.Submissions.Validation;

/// <summary>
/// Finds the text that was most likely meant. Documents are hostile, so the work of one check is bounded: when it is used up nothing more
/// is proposed. Not thread-safe.
/// </summary>
public sealed class ClosestText
{
    private const int LongestKey = 200;
    private long stepsLeft = 20_000_000;

    /// <summary>
    /// The candidate that differs least, by letters and digits without regard to case; null when none differs in less than about a
    /// quarter of its letters.
    /// </summary>
    public string? Find(string text, IEnumerable<string> candidates)
    {
        if (stepsLeft <= 0) return null;
        var wanted = Key(text);
        if (wanted.Length is 0 or > LongestKey) return null;
        string? best = null;
        var bound = Math.Max(1, wanted.Length / 4) + 1;
        foreach (var candidate in candidates)
        {
            if (stepsLeft <= 0) return null;
            var key = Key(candidate);
            stepsLeft -= candidate.Length + 1;
            if (key.Length == 0 || Math.Abs(key.Length - wanted.Length) >= bound) continue;
            var distance = Distance(wanted, key, bound);
            if (distance >= bound) continue;
            (best, bound) = (candidate, distance);
            if (bound == 0) break;
        }
        return best;
    }

    // How many letters are put in, left out, replaced or swapped with their neighbour (optimal string alignment); the bound when not fewer.
    private int Distance(string a, string b, int bound)
    {
        stepsLeft -= (long)a.Length * b.Length;
        var (before, last, row) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++) last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            var least = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = Math.Min(row[j], before[j - 2] + 1);
                least = Math.Min(least, row[j]);
            }
            if (least >= bound) return bound;
            (before, last, row) = (last, row, before);
        }
        return Math.Min(last[b.Length], bound);
    }

    private static string Key(string text)
    {
        var key = new StringBuilder(Math.Min(text.Length, LongestKey + 1));
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c)) key.Append(char.ToLowerInvariant(c));
            if (key.Length > LongestKey) break;
        }
        return key.ToString();
    }
}
