using System.Text.Json.Nodes;
using Archive.Api.Accounts;
using Archive.Api.Http;
using Archive.Model.Datasets;
using Archive.Model.Files;
using Archive.Model.PageTab;
using Archive.Storage.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Archive.Api.Datasets;

/// <summary>What reviewers see of a dataset, for those who hand keys out.</summary>
internal static class BlindViewEndpoints
{
    // Of the names of files so many are looked at, and so many that name somebody are told.
    private const int PathsSeen = 10_000;
    private const int PathsTold = 20;

    public static IEndpointRouteBuilder MapBlindView(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/datasets/{accession}/blind-view", GetAsync).WithTags("Datasets").RequireAuthorization()
            .WithSummary("What reviewers see of a dataset's metadata, for its owner and curators, with what is not blinded")
            .Refuses(401, 403, 404, 410);
        return routes;
    }

    private static async Task<Ok<BlindViewResponse>> GetAsync(
        string accession, HttpContext http, IDatasetStore datasets, IFileReferenceStore files, BlindDocuments documents, int? version, CancellationToken ct)
    {
        var dataset = await DatasetAccess.RequireAsync(accession, http, datasets, ct, DatasetAct.Share);
        var asked = dataset.Version(version, http);
        var redaction = (await documents.FactsOfAsync(dataset, ct)).Redaction;
        var read = await documents.ReadAsync(dataset.DocumentOf(asked), redaction, ct);
        var (seen, telling) = (0, new List<ArchivePath>());
        await foreach (var file in files.ListAsync(dataset, asked.Number, null, ct))
        {
            if (redaction.IsIn(file.Path.Value)) telling.Add(file.Path);
            if (++seen == PathsSeen || telling.Count == PathsTold) break;
        }
        http.Response.Headers.CacheControl = "no-store";
        using var text = PageTabText.Of(read.Document, isIndented: false);
        await using var stream = text.Open();
        var blind = BlindDocuments.Blind(dataset, redaction);
        List<string> warnings = [.. BlindViewResponse.StandardWarnings];
        if (telling.Count > 0) warnings.Add("Some file paths name somebody: they are in telling. Revise the dataset with other paths where that matters.");
        if (read.IsShortened) warnings.Add("The metadata is longer than a page; reviewers see its beginning.");
        return TypedResults.Ok(new BlindViewResponse(dataset.Accession, asked.Number, blind.Title, redaction.Count, telling, warnings, (await JsonNode.ParseAsync(stream, cancellationToken: ct))!));
    }
}

/// <summary>What reviewers see.</summary>
/// <param name="Accession">The dataset.</param>
/// <param name="Version">The version.</param>
/// <param name="Title">The title as they see it.</param>
/// <param name="Redacted">How many names, addresses and identifiers are looked for in texts and taken out, each in all its forms.</param>
/// <param name="Telling">Paths of files that name somebody, at most 20 among the first 10,000; reviewers see them as they are.</param>
/// <param name="Warnings">What is not blinded.</param>
/// <param name="PageTab">The sections and attributes that they see, as page tab.</param>
internal sealed record BlindViewResponse(
    Accession Accession, int Version, string Title, int Redacted, IReadOnlyList<ArchivePath> Telling, IReadOnlyList<string> Warnings, JsonNode PageTab)
{
    /// <summary>What holds for every dataset.</summary>
    public static readonly IReadOnlyList<string> StandardWarnings =
    [
        "What files contain is not blinded: names in image headers, tables and documents are readable.",
        "Names of files and folders are shown as they are.",
        "Names and addresses that the metadata gives are taken out of texts; a person or place that only a text names stays.",
    ];
}
