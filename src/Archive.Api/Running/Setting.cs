using System.Globalization;

namespace Archive.Api.Running;

/// <summary>One setting: on the command line <c>--key value</c>, in the environment <c>ARCHIVE_KEY</c>, in appsettings.json <c>"key"</c>.</summary>
/// <param name="Key">Lower case with hyphens.</param>
/// <param name="Meaning">What it does and in which unit, one sentence.</param>
/// <param name="Range">What may be given, in words.</param>
/// <param name="Default">The text that stands when nothing is given; empty when unset.</param>
internal abstract record Setting(string Key, string Meaning, string Range, string Default)
{
    /// <summary>The name in the environment.</summary>
    public string EnvironmentName => "ARCHIVE_" + Key.ToUpperInvariant().Replace('-', '_');

    /// <summary>Checks what was given, or the default.</summary>
    /// <exception cref="StartupException">The text is out of range; the sentence names the setting and its range.</exception>
    public abstract void Check(string? given);

    public static Setting<string> Text(string key, string meaning, string range, string standard = "", Func<string, bool>? allowed = null) =>
        new(key, meaning, range, standard, text => allowed is null || allowed(text) ? (true, text) : (false, ""));

    public static Setting<long> Number(string key, string meaning, long minimum, long maximum, long standard) =>
        new(key, meaning, $"{minimum} to {maximum}, both included", standard.ToString(CultureInfo.InvariantCulture), text =>
            long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum
                ? (true, number)
                : (false, 0));

    public static Setting<T> OneOf<T>(string key, string meaning, T standard, params (string Text, T Value)[] choices) =>
        new(key, meaning, string.Join(", ", choices.Select(c => c.Text)), choices.First(c => Equals(c.Value, standard)).Text, text =>
        {
            foreach (var (name, value) in choices)
                if (name.Equals(text, StringComparison.OrdinalIgnoreCase))
                    return (true, value);
            return (false, standard);
        });
}

/// <summary>A setting with a type.</summary>
/// <param name="Parse">Reads a text; the flag is false when it is out of range.</param>
internal sealed record Setting<T>(string Key, string Meaning, string Range, string Default, Func<string, (bool Sound, T Value)> Parse)
    : Setting(Key, Meaning, Range, Default)
{
    /// <inheritdoc/>
    public override void Check(string? given) => Read(given);

    /// <summary>Reads what was given, or the default.</summary>
    /// <exception cref="StartupException">The text is out of range; the sentence names the setting and its range.</exception>
    public T Read(string? given)
    {
        var (sound, value) = Parse(given ?? Default);
        return sound ? value : throw new StartupException($"Setting {Key} is '{given}', but must be: {Range}.");
    }
}
