using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace Archive.Architecture.Tests;

/// <summary>
/// Pins who may know whom, as ARCHITECTURE.md draws it: by the assemblies that each one was compiled against, and by the
/// namespaces that its sources name.
/// </summary>
[TestClass]
public sealed partial class EdgeTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Archive.Model"] = [],
        ["Archive.Storage"] = ["Archive.Model"],
        ["Archive.Submission"] = ["Archive.Model", "Archive.Storage"],
        ["Archive.Indexer"] = ["Archive.Model", "Archive.Storage"],
        ["Archive.Api"] = ["Archive.Model", "Archive.Storage", "Archive.Submission", "Archive.Indexer"],
    };

    // Packages by the one project that may use them; the abstractions of logging are the framework's.
    private static readonly Dictionary<string, string[]> Packages = new(StringComparer.Ordinal)
    {
        ["Archive.Model"] = [],
        ["Archive.Storage"] = ["Npgsql", "ICSharpCode.SharpZipLib", "AWSSDK.Core", "AWSSDK.S3"],
        ["Archive.Submission"] = ["ExcelDataReader"],
        ["Archive.Indexer"] = [],
        ["Archive.Api"] = ["Quartz", "Swashbuckle.AspNetCore.Swagger", "Swashbuckle.AspNetCore.SwaggerGen", "Swashbuckle.AspNetCore.SwaggerUI", "Microsoft.OpenApi"],
    };

    public static IEnumerable<object[]> Projects => Allowed.Keys.Select(p => new object[] { p });

    [TestMethod]
    [DynamicData(nameof(Projects))]
    public void References_WhenCompiled_AreThoseDrawn(string project)
    {
        var known = Assembly.Load(project).GetReferencedAssemblies().Select(a => a.Name!).ToList();

        var rooms = known.Where(n => n.StartsWith("Archive.", StringComparison.Ordinal)).Except(Allowed[project], StringComparer.Ordinal);
        var packages = known.Where(n => !n.StartsWith("Archive.", StringComparison.Ordinal) && !IsFramework(n)).Except(Packages[project], StringComparer.Ordinal);

        Assert.AreEqual("", string.Join(", ", rooms), $"{project} knows rooms that it must not know.");
        Assert.AreEqual("", string.Join(", ", packages), $"{project} uses packages that belong elsewhere.");
    }

    [TestMethod]
    [DataRow("Archive.Model", "Microsoft.Extensions")]
    [DataRow("Archive.Model", "Microsoft.AspNetCore")]
    [DataRow("Archive.Storage", "Microsoft.AspNetCore")]
    [DataRow("Archive.Submission", "Microsoft.AspNetCore")]
    [DataRow("Archive.Indexer", "Microsoft.AspNetCore")]
    public void References_WhenCompiled_LeaveHttpToTheApi(string project, string prefix)
    {
        var found = Assembly.Load(project).GetReferencedAssemblies().Select(a => a.Name!).Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).ToList();

        Assert.AreEqual("", string.Join(", ", found));
    }

    [TestMethod]
    [DataRow("src/Archive.Storage/Objects", "Archive.Model.Datasets")]
    [DataRow("src/Archive.Storage/Objects", "Archive.Model.Submissions")]
    [DataRow("src/Archive.Storage/Objects", "Archive.Model.PageTab")]
    [DataRow("src/Archive.Storage/Objects", "Archive.Storage.Metadata")]
    [DataRow("src/Archive.Storage/Metadata", "Archive.Storage.Objects")]
    [DataRow("src/Archive.Model", "System.Net")]
    [DataRow("src/Archive.Submission", "Archive.Indexer")]
    [DataRow("src/Archive.Indexer", "Archive.Submissions")]
    [DataRow("src/Archive.Submission", "Npgsql")]
    [DataRow("src/Archive.Indexer", "Npgsql")]
    [DataRow("src/Archive.Api", "Npgsql")]
    public void Sources_OfARoom_NeverNameAnothersNamespace(string folder, string forbidden)
    {
        var uses = Sources(folder).SelectMany(file => File.ReadLines(file)
            .Where(line => Names(line, forbidden)).Select(line => $"{Path.GetFileName(file)}: {line.Trim()}")).ToList();

        Assert.AreEqual("", string.Join('\n', uses));
    }

    [TestMethod]
    public void Npgsql_InStorage_IsNamedByItsAdapterAlone()
    {
        var uses = Sources("src/Archive.Storage").Where(f => !f.Contains("/Metadata/Postgres/", StringComparison.Ordinal))
            .Where(file => File.ReadLines(file).Any(line => Names(line, "Npgsql"))).Select(Path.GetFileName).ToList();

        Assert.AreEqual("", string.Join(", ", uses));
    }

    [TestMethod]
    public void Quartz_InTheApi_IsNamedByItsAdapterAndTheCheckOfSettingsAlone()
    {
        var uses = Sources("src/Archive.Api").Where(f => !f.Contains("/Jobs/Quartz/", StringComparison.Ordinal))
            .Where(file => File.ReadLines(file).Any(line => UsingQuartz().IsMatch(line))).Select(Path.GetFileName).ToList();

        Assert.AreEqual("SettingCatalogue.cs", string.Join(", ", uses));
    }

    [TestMethod]
    public void Program_StaysAComposition()
    {
        var lines = File.ReadLines(Path.Combine(Root, "src/Archive.Api/Program.cs")).Count();

        Assert.IsLessThan(80, lines);
    }

    private static string Root { get; } = FindRoot();

    private static bool Names(string line, string forbidden) =>
        Regex.IsMatch(line, $@"(?<![\w.]){Regex.Escape(forbidden)}(?![\w])", RegexOptions.None, TimeSpan.FromSeconds(1)) &&
        !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && (line.Contains("using ", StringComparison.Ordinal) || line.Contains(forbidden + ".", StringComparison.Ordinal));

    private static List<string> Sources(string folder)
    {
        var files = Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal)).ToList();
        Assert.IsNotEmpty(files, $"{folder} has no sources: the test would pass whatever stands there.");
        return files;
    }

    private static bool IsFramework(string name) =>
        name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal) ||
        name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal) || name is "System" or "Microsoft.AspNetCore" or "netstandard" or "mscorlib" or "Microsoft.Net.Http.Headers";

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Archive.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests do not lie in a checkout.");
    }

    [GeneratedRegex(@"^using Quartz\b", RegexOptions.None, 1000)]
    private static partial Regex UsingQuartz();
}
