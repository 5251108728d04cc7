using System.Net;
using System.Text;

namespace Archive.Api.Running;

/// <summary>What a process does.</summary>
[Flags]
internal enum Roles
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Serves pages and the API.</summary>
    Api = 1,

    /// <summary>Takes submissions in, releases what is due, sweeps.</summary>
    Submission = 2,

    /// <summary>Builds the index.</summary>
    Indexer = 4,
}

/// <summary>The form of log lines.</summary>
internal enum LogFormat
{
    /// <summary>Text on a terminal, else JSON.</summary>
    Auto,

    /// <summary>One JSON object a line.</summary>
    Json,

    /// <summary>For people.</summary>
    Text,
}

/// <summary>Which requests get a line in the log.</summary>
internal enum RequestLines
{
    /// <summary>All in JSON, those that failed in text.</summary>
    Auto,

    /// <summary>Each.</summary>
    All,

    /// <summary>Those that the archive failed to answer.</summary>
    Failed,
}

/// <summary>The settings of this process, checked. Command line before environment before appsettings.json.</summary>
internal sealed class Settings
{
    private readonly Dictionary<string, string> values;

    private Settings(Dictionary<string, string> given)
    {
        values = given;
        Roles = Get(SettingCatalogue.Roles);
        Port = (int)Get(SettingCatalogue.Port);
        Data = Path.GetFullPath(Get(SettingCatalogue.Data));
        foreach (var setting in SettingCatalogue.All) setting.Check(given.GetValueOrDefault(setting.Key));
    }

    /// <summary>The data folder, absolute.</summary>
    public string Data { get; }

    /// <summary>What this process does.</summary>
    public Roles Roles { get; }

    /// <summary>The port asked for; 0 for any.</summary>
    public int Port { get; }

    /// <summary>Folder of the object store.</summary>
    public string ObjectsFolder => FolderOr(SettingCatalogue.Objects, "objects");

    /// <summary>Folder of uploads.</summary>
    public string StagingFolder => FolderOr(SettingCatalogue.Staging, "staging");

    /// <summary>Folder of the search index.</summary>
    public IReadOnlyList<string> Vocabularies => Get(SettingCatalogue.Vocabularies);

    public string IndexFolder => FolderOr(SettingCatalogue.Index, "index");

    /// <summary>How long a sign-in lasts.</summary>
    public TimeSpan SessionLifetime => TimeSpan.FromSeconds(Get(SettingCatalogue.SessionSeconds));

    /// <summary>The address that the server listens on.</summary>
    public IPAddress BindAddress => Get(SettingCatalogue.Bind) is var text && text == "localhost" ? IPAddress.Loopback : IPAddress.Parse(text);

    /// <summary>The value of a setting.</summary>
    public T Get<T>(Setting<T> setting) => setting.Read(values.GetValueOrDefault(setting.Key));

    /// <summary>Reads the settings of a process.</summary>
    /// <exception cref="StartupException">One is unknown or out of range.</exception>
    public static Settings Read(IReadOnlyList<string> arguments)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        ReadFile(given);
        foreach (var setting in SettingCatalogue.All)
            if (Environment.GetEnvironmentVariable(setting.EnvironmentName) is { Length: > 0 } value)
                given[setting.Key] = value;
        ReadArguments(arguments, given);
        return new Settings(given);
    }

    /// <summary>The help page: every setting with its range and default.</summary>
    public static string Help()
    {
        var text = new StringBuilder();
        text.AppendLine("Archive: a public archive of biological images.").AppendLine();
        text.AppendLine("  Archive.Api [--key value]...").AppendLine();
        text.AppendLine("A setting comes from the command line (--key value), else the environment (ARCHIVE_KEY, hyphens as");
        text.AppendLine("underscores), else appsettings.json (\"key\": \"value\") beside the program or in the working folder.").AppendLine();
        foreach (var setting in SettingCatalogue.All)
        {
            text.Append("  --").AppendLine(setting.Key);
            text.Append("      ").AppendLine(setting.Meaning);
            text.Append("      Range: ").Append(setting.Range).Append(". Default: ");
            text.Append(setting.Default.Length == 0 ? "unset" : setting.Default).AppendLine(".");
        }
        return text.ToString();
    }

    private static void ReadFile(Dictionary<string, string> given)
    {
        var file = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
            .AddJsonFile(Path.Combine(Directory.GetCurrentDirectory(), "appsettings.json"), optional: true);
        try
        {
            foreach (var (key, value) in file.Build().AsEnumerable())
                if (value is not null && SettingCatalogue.All.Any(s => s.Key == key))
                    given[key] = value;
        }
        catch (InvalidDataException fault)
        {
            throw new StartupException($"appsettings.json cannot be read: {fault.InnerException?.Message ?? fault.Message}", fault);
        }
    }

    private static void ReadArguments(IReadOnlyList<string> arguments, Dictionary<string, string> given)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            // Added by the tool that reads the API's description out of the program.
            if (arguments[i].StartsWith("--applicationName", StringComparison.Ordinal)) continue;
            var (key, value) = arguments[i].Split('=', 2) is [var left, var right] ? (left, right) : (arguments[i], null);
            if (!key.StartsWith("--", StringComparison.Ordinal) || SettingCatalogue.All.All(s => s.Key != key[2..]))
                throw new StartupException($"There is no setting {key}; --help lists them all.");
            if (value is null && ++i == arguments.Count) throw new StartupException($"Setting {key} has no value.");
            given[key[2..]] = value ?? arguments[i];
        }
    }

    private string FolderOr(Setting<string> setting, string name) =>
        Get(setting) is { Length: > 0 } folder ? Path.GetFullPath(folder) : Path.Combine(Data, name);
}
