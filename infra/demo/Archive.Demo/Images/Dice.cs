namespace Archive.Demo.Images;

/// <summary>A small seeded source of numbers (SplitMix64), the same on every machine and runtime.</summary>
/// <remarks>
/// Each plane of an image takes its own dice from its coordinates, so that planes can be drawn in any order and still come out alike.
/// The generator is Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
/// </remarks>
internal sealed class Dice
{
    private ulong state;

    public Dice(long seed) => state = (ulong)seed;

    /// <summary>Dice that depend on a seed and on coordinates, such as channel, z and time.</summary>
    public static Dice For(long seed, params ReadOnlySpan<int> coordinates)
    {
        var dice = new Dice(seed);
        foreach (var coordinate in coordinates)
        {
            dice.state = dice.NextBits() ^ (ulong)(coordinate + 1);
        }

        return dice;
    }

    public ulong NextBits()
    {
        state += 0x9E3779B97F4A7C15UL;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>A number of at least <paramref name="from"/> and below <paramref name="to"/>.</summary>
    public float Between(float from, float to) => from + (float)((NextBits() >> 40) / (double)(1 << 24)) * (to - from);

    /// <summary>A whole number of at least 0 and below <paramref name="end"/>.</summary>
    public int Below(int end) => (int)(NextBits() % (ulong)end);

    /// <summary>Mean 0, deviation 1: the sum of four uniform numbers is close enough to a bell for camera noise.</summary>
    public float Bell()
    {
        var bits = NextBits();
        var sum = (ushort)bits + (ushort)(bits >> 16) + (ushort)(bits >> 32) + (ushort)(bits >> 48);
        return (sum / 65535f - 2f) * 1.7320508f;
    }
}
