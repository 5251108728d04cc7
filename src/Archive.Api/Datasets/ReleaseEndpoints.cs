using Archive.Api.Accounts;
using Archive.Api.Http;
using Archive.Model.Accounts;
using Archive.Model.Datasets;
using Archive.Model.Errors;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Archive.Api.Datasets;

/// <summary>Moving the release date of a dataset under embargo, or releasing it now.</summary>
internal static class ReleaseEndpoints
{
    private const int MaxEmbargoYears = 2;
    private const int Tries = 5;

    public static IEndpointRouteBuilder MapReleaseDates(this IEndpointRouteBuilder routes)
    {
        routes.MapPatch("/api/datasets/{accession}", ChangeAsync).WithTags("Datasets").RequireAuthorization()
            .WithSummary("Changes the release date of a private dataset")
            .WithDescription("releaseDate is YYYY-MM-DD or an ISO instant; one that has come releases at once. An embargo lasts two years at most.")
            .Refuses(400, 401, 403, 404, 409, 422);
        return routes;
    }

    private static async Task<Ok<DatasetResponse>> ChangeAsync(string accession, ChangeDatasetRequest request, HttpContext http,
        IDatasetStore datasets, IChangeSignal signal, TimeProvider clock, CancellationToken ct)
    {
        for (var i = 0; i < Tries; i++)
        {
            var dataset = await DatasetAccess.RequireAsync(accession, http.Account(), datasets, ct);
            var changed = Apply(dataset, request, http.RequireAccount(), clock.GetUtcNow());
            if (await datasets.TryWriteAsync(changed, ct) is not { } stored) continue;
            await signal.SendAsync(SignalTopic.Datasets, ct);
            return TypedResults.Ok(DatasetResponse.Of(stored));
        }
        throw new ArchiveException(Problems.Conflict, "The dataset is being changed by others all the time.");
    }

    private static Dataset Apply(Dataset dataset, ChangeDatasetRequest request, Account account, DateTimeOffset now)
    {
        if (dataset.Owner != account.Id && account.Role != Role.Curator)
            throw new ArchiveException(Problems.Forbidden, "Only its owner or a curator changes a dataset.");
        if (dataset.State == DatasetState.Released) throw new ArchiveException(Problems.AlreadyPublic, "The release date of a public dataset does not move.");
        if (request.ReleaseDate is not { } text || !ReleaseDates.TryParse(text, out var wished))
            throw Refusal.Of([new(Severity.Error, "release-date", "$.releaseDate", "Give YYYY-MM-DD, or an ISO instant with its offset.")]);
        if (wished > dataset.Versions[0].CommittedAt.AddYears(MaxEmbargoYears))
            throw Refusal.Of([new(Severity.Error, "release-date", "$.releaseDate", $"An embargo lasts {MaxEmbargoYears} years at most.")]);
        var effective = ReleaseDates.Effective(wished, now);
        return dataset with { ReleaseDate = effective, State = effective <= now ? DatasetState.Released : DatasetState.Private };
    }
}

/// <summary>A change of a dataset.</summary>
/// <param name="ReleaseDate">YYYY-MM-DD, meaning 00:00 UTC, or an ISO instant with its offset.</param>
internal sealed record ChangeDatasetRequest(string? ReleaseDate);
