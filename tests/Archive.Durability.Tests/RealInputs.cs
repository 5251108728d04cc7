using System.Globalization;
using System.Text.RegularExpressions;
using Archive.TestKit;
using Archive.TestKit.Processes;

namespace Archive.Durability.Tests;

/// <summary>Published study records with published images, under file lists written for them; null parts where the folder is absent.</summary>
internal static partial class RealInputs
{
    /// <summary>S-BIAD661 over the yeast time lapse: one JSON file list, in the name that the record carries.</summary>
    public static SampleDeposit? Yeast => Folder is not { } folder ? null : Yeasts(folder, "raw") is var files
        ? new(PageTab(folder, "S-BIAD661"), files, [SampleDeposit.JsonFileList("study composition EMM-2022-16758.json", files)])
        : null;

    /// <summary>
    /// S-BIAD1043, whose three components each name a JSON file list in a folder: Drosophila under figure 3, human cells under 4,
    /// yeast under 5.
    /// </summary>
    public static SampleDeposit? Drosophila
    {
        get
        {
            if (Folder is not { } folder) return null;
            var fly = Cells(Path.Combine(folder, "images/cellprofiler/ExampleFly/images"), "HiTIPS_paper_data/fig_3", f => f[^5..^4]);
            var human = Cells(Path.Combine(folder, "images/cellprofiler/ExampleHuman/images"), "HiTIPS_paper_data/fig_4", f => f[^6..^4]);
            var yeast = Yeasts(folder, "HiTIPS_paper_data/fig_5").Take(10).ToList();
            return new(PageTab(folder, "S-BIAD1043"), [.. fly, .. human, .. yeast],
            [
                SampleDeposit.JsonFileList("HiTIPS_paper_data/fig_3/file_list_fig3.json", fly),
                SampleDeposit.JsonFileList("HiTIPS_paper_data/fig_4/file_list_fig4.json", human),
                SampleDeposit.JsonFileList("HiTIPS_paper_data/fig_5/file_list_fig5.json", yeast),
            ]);
        }
    }

    private static string? Folder => Repository.RealData;

    private static string PageTab(string folder, string accession) =>
        File.ReadAllText(Path.Combine(folder, "pagetab", accession, $"{accession}_original.json"));

    // images/synthsys-demo/test_data/posNNN/{prefix}_{time}_{channel}_{z}.png
    private static List<SampleFile> Yeasts(string folder, string below)
    {
        var root = Path.Combine(folder, "images/synthsys-demo/test_data");
        return [.. Directory.EnumerateFiles(root, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file =>
        {
            var name = YeastName().Match(file);
            return OfFile(file, $"{below}/{Path.GetRelativePath(root, file)}",
                ("Organism", "Saccharomyces cerevisiae"), ("Position", name.Groups["position"].Value),
                ("Time point", Number(name, "time")), ("Channel", name.Groups["channel"].Value), ("Z", Number(name, "z")));
        })];
    }

    private static List<SampleFile> Cells(string folder, string below, Func<string, string> channel) =>
    [
        .. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)
            .Select(file => OfFile(file, $"{below}/{Path.GetFileName(file)}", ("Channel", channel(file)), ("Treatment", "none"))),
    ];

    private static SampleFile OfFile(string file, string path, params (string Name, string Value)[] attributes) => new(
        path, new FileInfo(file).Length, () => File.OpenRead(file), [.. attributes.Select(a => KeyValuePair.Create(a.Name, a.Value))]);

    private static string Number(Match name, string group) =>
        int.Parse(name.Groups[group].ValueSpan, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<position>pos\d+)/[^/]*_(?<time>\d+)_(?<channel>[^_/]+)_(?<z>\d+)\.png$", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex YeastName();
}
