using System.Text;
using System.Text.Json.Nodes;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.PageTab;
using Archive.Model.Rembi;
using Archive.Model.Rules;
using Archive.Model.Submissions;
using Archive.Submissions.Collections;
using Archive.Submissions.Revisions;
using Archive.Submissions.Validation;

namespace Archive.Submission.Tests.Validation;

/// <summary>A page tab that follows the template in everything, to be spoilt in one place.</summary>
internal sealed class RuleDocument
{
    public static readonly DateTimeOffset Now = new(2026, 3, 10, 15, 0, 0, TimeSpan.Zero);

    /// <summary>Every rule at its own severity.</summary>
    public static readonly RuleSet Everything = new("everything", "Everything", "", RuleCatalogue.All.ToDictionary(r => r.Name, _ => new RuleEntry()));

    private const string Perfect = """
        {"attributes":[{"name":"ReleaseDate","value":"2026-04-01"},{"name":"AttachTo","value":"BioImages"}],
         "section":{"type":"Study","attributes":[
            {"name":"Title","value":"Nuclear pores of budding yeast in meiosis, imaged live"},{"name":"Description","value":"What was asked, done and seen."},
            {"name":"Keywords","value":"yeast, meiosis"},{"name":"License","value":"CC BY 4.0"}],
          "links":[{"url":"https://example.org/yeast","attributes":[]}],
          "subsections":[
            {"type":"author","attributes":[{"name":"Name","value":"Ada Example"},{"name":"E-mail","value":"ada@example.org"},
              {"name":"ORCID","value":"0000-0002-1825-0097"},{"name":"affiliation","value":"o1","reference":true}]},
            {"accno":"o1","type":"organisation","attributes":[{"name":"Name","value":"University of Examples"}]},
            {"type":"Publication","attributes":[{"name":"DOI","value":"10.7554/eLife.47156"},{"name":"Pubmed ID","value":"31397671"}]},
            {"accno":"b1","type":"Biosample","attributes":[{"name":"Title","value":"Yeast cells"},{"name":"Biological entity","value":"Whole cell"}],
              "subsections":[{"type":"Organism","attributes":[{"name":"Scientific name","value":"Saccharomyces cerevisiae"},{"name":"NCBI taxon ID","value":"NCBI:txid4932"}]}]},
            {"accno":"s1","type":"Specimen","attributes":[{"name":"Title","value":"Fixed cells"},{"name":"Sample preparation protocol","value":"Fixed."}]},
            {"accno":"i1","type":"Image acquisition","attributes":[{"name":"Title","value":"Confocal stacks"},{"name":"Imaging instrument","value":"A microscope"},
              {"name":"Image acquisition parameters","value":"100 ms"}],
              "subsections":[{"type":"Imaging method","attributes":[{"name":"Ontology Value","value":"confocal microscopy"},{"name":"Ontology Term ID","value":"FBbi:00000251"}]}]},
            {"type":"Image correlation","attributes":[{"name":"Title","value":"Overlay"}]},
            {"type":"Image analysis","attributes":[{"name":"Title","value":"Counting"}]},
            {"type":"Study Component","attributes":[{"name":"Name","value":"Stacks"},{"name":"Description","value":"One file a field."},{"name":"File List","value":"files.tsv"}],
              "subsections":[{"type":"Associations","attributes":[{"name":"Biosample","value":"Yeast cells"},{"name":"Specimen","value":"Fixed cells"},
                {"name":"Image acquisition","value":"Confocal stacks"},{"name":"Image correlation","value":"Overlay"},{"name":"Image analysis","value":"Counting"}]}]},
            {"type":"Annotations","attributes":[{"name":"Title","value":"Masks"},{"name":"Annotation Overview","value":"Nuclei"},{"name":"Annotation Type","value":"segmentation_mask"},
              {"name":"Annotation Method","value":"By hand"},{"name":"File List","value":"masks.tsv"}]}]}}
        """;

    public JsonObject Root { get; } = JsonNode.Parse(Perfect)!.AsObject();

    public JsonObject Section => Root["section"]!.AsObject();

    /// <summary>The section that the template has at a place of the study: <c>Biosample</c>, or <c>Biosample/Organism</c>.</summary>
    public JsonObject this[string path]
    {
        get
        {
            var at = Section;
            foreach (var type in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
                at = at["subsections"]!.AsArray().Single(s => (string?)s!["type"] == type)!.AsObject();
            return at;
        }
    }

    /// <summary>Gives an attribute another value; null takes it away; one that is not there is added.</summary>
    public void Set(JsonObject section, string name, string? value)
    {
        if (section.Root != Root) throw new InvalidOperationException("The section is of another document.");
        if (section["attributes"] is not JsonArray attributes) section["attributes"] = attributes = [];
        var attribute = attributes.FirstOrDefault(a => (string?)a!["name"] == name);
        if (value is null) attributes.Remove(attribute);
        else if (attribute is null) attributes.Add(new JsonObject { ["name"] = name, ["value"] = value });
        else attribute["value"] = value;
    }

    public void Remove(string path)
    {
        var section = this[path];
        section.Parent!.AsArray().Remove(section);
    }

    /// <summary>Puts a copy of a section into another.</summary>
    public JsonObject Copy(string path, JsonObject into)
    {
        if (into["subsections"] is not JsonArray children) into["subsections"] = children = [];
        var copy = this[path].DeepClone().AsObject();
        children.Add(copy);
        return copy;
    }

    /// <summary>The version that the document revises; null for a first version.</summary>
    public RevisionBase? Revised { get; set; }

    /// <summary>Has the document revise version 1 of a dataset.</summary>
    public void Revise(DatasetState state, DateTimeOffset? releaseDate, int newest = 1) => Revised = new(new Dataset
    {
        Accession = Accession.From("S-BIAR", 1), Collection = "BioImages", Owner = AccountId.New(), State = state, ReleaseDate = releaseDate, Title = "Yeast",
        Versions = [.. Enumerable.Range(1, newest).Select(n => new CommittedVersion(n, SubmissionId.New(), Now.AddYears(-1), 1, 1))],
    }, 1);

    public async Task<ValidationReport> CheckAsync(RuleSet set, CancellationToken ct) => Check(await ReadAsync(Root.ToJsonString(), ct), set, Revised);

    public static async Task<PageTabDocument> ReadAsync(string json, CancellationToken ct)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return (await PageTabJson.ReadAsync(content, PageTabLimits.Default, ct)).Document!;
    }

    public static MetadataSubject Subject(PageTabDocument document, RevisionBase? revised = null) =>
        Subject(document, RembiReader.Read(document)) with { Revised = revised };

    private static MetadataSubject Subject(PageTabDocument document, RembiStudy study) => new(
        document, study, Now, null, [.. study.AttachTo.Select(a => new Attachment(a, a == "BioImages" ? AttachOutcome.Obeyed : AttachOutcome.Unknown, null))]);

    public static ValidationReport Check(PageTabDocument document, RuleSet? set = null, RevisionBase? revised = null)
    {
        var findings = new FindingList();
        RuleCatalogue.Check(Subject(document, revised), set ?? BuiltInRuleSets.All[RuleSet.Standard], findings);
        return findings.ToReport();
    }
}
