using System.Text;
using System.Text.RegularExpressions;
using Archive.Api.Running;

namespace Archive.Api.Mail;

/// <summary>
/// What mails say: one file NAME.txt each, its first line <c>Subject: …</c>, then an empty line, then the text, with places such as
/// <c>{name}</c>. The archive's own lie beside the program; a file of the same name in the folder of the setting goes before.
/// </summary>
internal sealed partial class MailTemplates
{
    private const string SubjectStart = "Subject:";
    private const int MaxFileBytes = 64 * 1024;
    private const int MaxValueChars = 2000;

    private readonly Dictionary<string, Template> templates = new(StringComparer.Ordinal);

    /// <summary>Reads all templates.</summary>
    /// <exception cref="StartupException">One cannot be read, or has a place that the archive's own does not have.</exception>
    public MailTemplates(Settings settings)
    {
        foreach (var file in Directory.EnumerateFiles(OwnFolder, "*.txt")) templates[Path.GetFileNameWithoutExtension(file)] = Read(file);
        if (settings.Get(SettingCatalogue.MailTemplates) is not { Length: > 0 } folder) return;
        if (!Directory.Exists(folder)) throw new StartupException($"The folder of mail templates {folder} is not there.");
        foreach (var file in Directory.EnumerateFiles(folder, "*.txt"))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            if (!templates.TryGetValue(name, out var own)) throw new StartupException($"{file}: the archive sends no mail of this name.");
            var given = Read(file);
            if (given.Places.Except(own.Places, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
                throw new StartupException($"{file}: there is nothing to put at the place {{{unknown}}}.");
            templates[name] = given;
        }
    }

    /// <summary>Where the archive's own templates lie.</summary>
    public static string OwnFolder => Path.Combine(AppContext.BaseDirectory, "mail-templates");

    /// <summary>Names of all templates.</summary>
    public IEnumerable<string> Names => templates.Keys;

    /// <summary>Fills a template. Values are put in once and never looked at for places themselves; what has no value stays empty.</summary>
    /// <exception cref="InvalidOperationException">There is no such template.</exception>
    public (string Subject, string Text) Fill(string name, IReadOnlyDictionary<string, string> values)
    {
        var template = templates.GetValueOrDefault(name) ?? throw new InvalidOperationException($"There is no mail template {name}.");
        return (Put(template.Subject, values), Put(template.Text, values));
    }

    private static string Put(string text, IReadOnlyDictionary<string, string> values) =>
        Place().Replace(text, place => Plain(values.GetValueOrDefault(place.Groups["name"].Value, "")));

    // A value is one line, whatever it was given as: no header and no line of the text can begin inside it.
    private static string Plain(string value)
    {
        var text = new StringBuilder(Math.Min(value.Length, MaxValueChars));
        foreach (var c in value.Length > MaxValueChars ? value.AsSpan(0, MaxValueChars) : value)
            text.Append(char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c);
        return text.ToString();
    }

    private static Template Read(string file)
    {
        if (new FileInfo(file).Length > MaxFileBytes) throw new StartupException($"{file} is longer than {MaxFileBytes} bytes.");
        var lines = File.ReadAllText(file, Encoding.UTF8).ReplaceLineEndings("\n").Split('\n', 3);
        if (lines is not [var first, "", var text] || !first.StartsWith(SubjectStart, StringComparison.Ordinal))
            throw new StartupException($"{file} must begin with a line '{SubjectStart} …' and an empty line.");
        var places = Place().Matches(first + text).Select(m => m.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        return new Template(first[SubjectStart.Length..].Trim(), text.TrimEnd('\n') + "\n", places);
    }

    [GeneratedRegex(@"\{(?<name>[a-z][A-Za-z]*)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Place();

    private sealed record Template(string Subject, string Text, HashSet<string> Places);
}
