using Quartz;

namespace Archive.Api.Running;

/// <summary>Every setting there is. The help page and the checks at start are made from it.</summary>
internal static class SettingCatalogue
{
    public static readonly Setting<string> Data = Setting.Text("data",
        "Folder that holds everything the archive keeps: cluster, objects, staging, index, keys, lock.", "a folder", "archive-data", NotBlank);

    public static readonly Setting<long> Port = Setting.Number("port", "TCP port of pages and API; 0 takes a free one.", 0, 65535, 8080);

    public static readonly Setting<string> Bind = Setting.Text("bind",
        "Address to listen on; anything but loopback wants a proxy with TLS before it.", "an IP address or localhost", "localhost",
        text => text == "localhost" || System.Net.IPAddress.TryParse(text, out _));

    public static readonly Setting<string> BaseUrl = Setting.Text("base-url",
        "Address under which the public reaches the archive; links in answers begin with it. The Host header is never used.",
        "http or https address without query; empty: the listening address", "", IsBaseUrl);

    public static readonly Setting<string> AllowedHosts = Setting.Text("allowed-hosts",
        "Host names that requests may be addressed to.", "names separated by semicolons, * for all", "*", NotBlank);

    public static readonly Setting<string> TrustedProxies = Setting.Text("trusted-proxies",
        "Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.", "IP addresses separated by commas; empty: none", "",
        text => Split(text).All(part => System.Net.IPAddress.TryParse(part, out _)));

    public static readonly Setting<Roles> Roles = new("roles", "What this process does; several processes may share the work.",
        "api, submission, indexer, separated by commas", "api,submission,indexer", ParseRoles);

    public static readonly Setting<string> Postgres = Setting.Text("postgres",
        "Connection string of an external PostgreSQL 15 or later; empty: a private cluster inside the data folder.",
        "an Npgsql connection string", "");

    public static readonly Setting<string> PostgresBin = Setting.Text("postgres-bin",
        "Folder with the programs initdb and postgres of the private cluster; empty: where distributions put them, then PATH.", "a folder", "");

    public static readonly Setting<string> Objects = Setting.Text("objects", "Folder of the object store; empty: DATA/objects.", "a folder", "");

    public static readonly Setting<string> Staging = Setting.Text("staging",
        "Folder of uploads; empty: DATA/staging. On the volume of the object store, files are moved by link.", "a folder", "");

    public static readonly Setting<string> Index = Setting.Text("index", "Folder of the search index; empty: DATA/index.", "a folder", "");

    public static readonly Setting<IReadOnlyList<string>> Vocabularies = new("vocabularies",
        "Files of names that searches are expanded by, beside the archive's own: OBO, or lines of name, synonyms and narrower names.",
        "files that are there, separated by commas", "", ParseFiles);

    public static readonly Setting<string> Facets = Setting.Text("facets",
        "File with the facets of datasets in place of the archive's own list: name, title, source and type of each. A change is taken in by the next build of the index.",
        "a JSON file; empty: the archive's own list", "");

    public static readonly Setting<long> ShelfCacheBytes = Setting.Number("shelf-cache-bytes",
        "Bytes of disk in DATA/shelves for the file tables of private datasets and older versions that were read last.", 1_000_000, long.MaxValue, 2_000_000_000);

    public static readonly Setting<long> ReserveBytes = Setting.Number("reserve-bytes",
        "Free bytes below which uploads and ingest stop.", 0, long.MaxValue, 2_000_000_000);

    public static readonly Setting<long> ReservePercent = Setting.Number("reserve-percent",
        "Free percent of the volume below which uploads and ingest stop; the smaller of the two reserves holds.", 0, 100, 2);

    public static readonly Setting<long> MaxUploadBytes = Setting.Number("max-upload-bytes",
        "Longest file of one upload request in bytes.", 1, long.MaxValue, 5_000_000_000_000);

    public static readonly Setting<long> AccountQuotaBytes = Setting.Number("account-quota-bytes",
        "Bytes that all drafts of one account may have staged, running uploads among them; 0: no limit. An operator can give an account another quota.",
        0, long.MaxValue, 2_000_000_000_000);

    public static readonly Setting<long> AccountQuotaFiles = Setting.Number("account-quota-files",
        "Files that all drafts of one account may have staged; 0: no limit.", 0, long.MaxValue, 5_000_000);

    public static readonly Setting<long> StagingQuotaBytes = Setting.Number("staging-quota-bytes",
        "Bytes that all accounts together may have staged; 0: no limit but the room on the volume.", 0, long.MaxValue, 0);

    public static readonly Setting<long> DraftExpiryDays = Setting.Number("draft-expiry-days",
        "Days after which a draft that nobody works on is removed with its files, after warnings by mail 30, 7 and 1 days before; 0: never.", 0, 36_500, 180);

    public static readonly Setting<long> UploadIdleSeconds = Setting.Number("upload-idle-seconds",
        "Seconds that an upload may give no byte.", 1, 86_400, 60);

    public static readonly Setting<long> MaxMetadataBytes = Setting.Number("max-metadata-bytes",
        "Longest page tab in bytes.", 1024, 1_000_000_000, 20 << 20);

    public static readonly Setting<long> SessionSeconds = Setting.Number("session-seconds",
        "Seconds until a sign-in ends.", 1, 31_536_000, 604_800);

    public static readonly Setting<long> SignInFailures = Setting.Number("sign-in-failures",
        "Failed sign-ins of one client with one account in 15 minutes until 429; ten times as many over all accounts, or over all clients that are new to it.", 1, 1_000_000, 10);

    public static readonly Setting<long> RateLimit = Setting.Number("rate-limit",
        "Requests a minute of one client that is not signed in; 0: no limit.", 0, 10_000_000, 6_000);

    public static readonly Setting<long> RateLimitSignedIn = Setting.Number("rate-limit-signed-in",
        "Requests a minute of one account; 0: no limit.", 0, 10_000_000, 60_000);

    public static readonly Setting<long> RateLimitPartners = Setting.Number("rate-limit-partners",
        "Requests a minute of one account by tokens of the scope partner; 0: no limit.", 0, 10_000_000, 240_000);

    public static readonly Setting<bool> ConfirmEmail = Setting.OneOf("confirm-email",
        "Whether a new account may deposit only after its address was confirmed by a mail; off is for trials.", true, ("on", true), ("off", false));

    public static readonly Setting<string> MailFrom = Setting.Text("mail-from", "Address that mails come from.", "an e-mail address",
        "archive@localhost", Archive.Model.Accounts.EmailAddress.IsSound);

    public static readonly Setting<string> MailTemplates = Setting.Text("mail-templates",
        "Folder whose files NAME.txt go before the archive's own mail templates of the same name; empty: none.", "a folder", "");

    public static readonly Setting<string> SmtpHost = Setting.Text("smtp-host",
        "Mail server that mails are handed to; empty: they are written as files into DATA/mail.", "a host name", "");

    public static readonly Setting<long> SmtpPort = Setting.Number("smtp-port", "TCP port of the mail server.", 1, 65535, 587);

    public static readonly Setting<Mail.Smtp.SmtpTls> SmtpTlsMode = Setting.OneOf("smtp-tls", "How the connection to the mail server is protected.",
        Mail.Smtp.SmtpTls.StartTls, ("starttls", Mail.Smtp.SmtpTls.StartTls), ("implicit", Mail.Smtp.SmtpTls.Implicit), ("none", Mail.Smtp.SmtpTls.None));

    public static readonly Setting<string> SmtpUser = Setting.Text("smtp-user", "Whom to sign in to the mail server as; empty: nobody.", "a text", "");

    public static readonly Setting<string> SmtpPasswordFile = Setting.Text("smtp-password-file",
        "File whose first line is the password for the mail server.", "a file", "");

    public static readonly Setting<long> MailTimeoutSeconds = Setting.Number("mail-timeout-seconds",
        "Seconds that handing one mail over may take; one whose sender died is sent again after twice as many.", 1, 3600, 300);

    public static readonly Setting<string> OrcidClientId = Setting.Text("orcid-client-id",
        "Client id that ORCID gave this archive; empty: nobody signs in by ORCID.", "a text", "");

    public static readonly Setting<string> OrcidSecretFile = Setting.Text("orcid-secret-file",
        "File whose first line is the client secret that ORCID gave.", "a file", "");

    public static readonly Setting<string> OrcidBaseUrl = Setting.Text("orcid-base-url",
        "ORCID itself, or its sandbox.", "https address without query; http on the loopback address", "https://orcid.org", IsProvider);

    public static readonly Setting<long> EventStreams = Setting.Number("event-streams",
        "Event streams open at once on this node; one account may have a tenth of them.", 1, 100_000, 500);

    public static readonly Setting<long> Workers = Setting.Number("workers", "Submissions worked on at once by this node.", 1, 64, 2);

    public static readonly Setting<long> LeaseSeconds = Setting.Number("lease-seconds",
        "Seconds for which a node that died still holds back what it worked on: a submission, or the path of an upload.", 3, 3600, 15);

    public static readonly Setting<string> DefaultCollection = Setting.Text("default-collection",
        "Collection of drafts that name none; made at first start.", "letters, digits and hyphens", "BioImages",
        text => text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'));

    public static readonly Setting<string> AccessionPrefix = Setting.Text("accession-prefix",
        "Prefix of the default collection's accessions; never that of another archive.", "upper-case letters, digits, hyphens", "S-BIAR",
        text => Archive.Model.Datasets.AccessionTemplate.TryParse(text + "{n}", null, out _) && !Archive.Model.Datasets.AccessionTemplate.IsTaken(text));

    public static readonly Setting<string> IndexCron = Setting.Text("index-cron", "When the index is built.",
        "a Quartz cron expression in UTC", "0 0 2 * * ?", IsCron);

    public static readonly Setting<string> ReleaseCron = Setting.Text("release-cron", "When due datasets are released.",
        "a Quartz cron expression in UTC", "0 * * * * ?", IsCron);

    public static readonly Setting<string> SweepCron = Setting.Text("sweep-cron", "When leftovers are swept.",
        "a Quartz cron expression in UTC", "0 17 * * * ?", IsCron);

    public static readonly Setting<string> SweepAllCron = Setting.Text("sweep-all-cron", "When every object is looked at; takes hours where there are many.",
        "a Quartz cron expression in UTC", "0 30 4 ? * SUN", IsCron);

    public static readonly Setting<long> SweepGraceSeconds = Setting.Number("sweep-grace-seconds",
        "Seconds that a leftover in staging must be old before the sweep removes it, and after which ended submissions are looked at once more.", 0, 31_536_000, 86_400);

    public static readonly Setting<LogFormat> Logs = Setting.OneOf("logs", "Form of the log lines on standard output; auto is json unless it is a terminal.",
        LogFormat.Auto, ("auto", LogFormat.Auto), ("json", LogFormat.Json), ("text", LogFormat.Text));

    public static readonly Setting<RequestLines> LogRequests = Setting.OneOf("log-requests",
        "Which requests get a log line; auto is all in json, and in text those that the archive failed to answer.",
        RequestLines.Auto, ("auto", RequestLines.Auto), ("all", RequestLines.All), ("failed", RequestLines.Failed));

    public static readonly Setting<LogLevel> LogLevels = Setting.OneOf("log-level", "Least weight of the log lines that are written.",
        LogLevel.Information, ("debug", LogLevel.Debug), ("information", LogLevel.Information), ("warning", LogLevel.Warning), ("error", LogLevel.Error));

    /// <summary>All settings, in the order of the help page.</summary>
    public static IReadOnlyList<Setting> All { get; } = typeof(SettingCatalogue).GetFields()
        .Where(f => typeof(Setting).IsAssignableFrom(f.FieldType))
        .Select(f => (Setting)f.GetValue(null)!)
        .ToList();

    /// <summary>The parts of a list separated by commas.</summary>
    public static string[] Split(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool NotBlank(string text) => !string.IsNullOrWhiteSpace(text);

    private static bool IsCron(string text) => CronExpression.TryParse(text, out _);

    private static bool IsBaseUrl(string text) => text.Length == 0 ||
        (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Query.Length == 0 && uri.Fragment.Length == 0);

    private static bool IsProvider(string text) => text.Length > 0 && IsBaseUrl(text) && new Uri(text) is var uri && (uri.Scheme == "https" || uri.IsLoopback);

    private static (bool, IReadOnlyList<string>) ParseFiles(string text)
    {
        var files = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return (Array.TrueForAll(files, File.Exists), files);
    }

    private static (bool, Roles) ParseRoles(string text)
    {
        var roles = Running.Roles.None;
        foreach (var part in Split(text))
        {
            if (!Enum.TryParse<Roles>(part, ignoreCase: true, out var role) || !char.IsAsciiLetter(part[0])) return (false, default);
            roles |= role;
        }
        return (roles != Running.Roles.None, roles);
    }
}
