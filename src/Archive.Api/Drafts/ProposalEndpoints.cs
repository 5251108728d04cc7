using System.Text.Json.Serialization;
using Archive.Api.Accounts;
using Archive.Api.Errors;
using Archive.Api.Http;
using Archive.Api.Submissions;
using Archive.Model.Errors;
using Archive.Model.Submissions;
using Archive.Storage.Metadata;
using Archive.Submissions.TextMetadata;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Archive.Api.Drafts;

/// <summary>What a draft's text files propose for its page tab, for the depositor to accept or drop.</summary>
internal static class ProposalEndpoints
{
    // Rows of a table that a list shows; the proposal itself has all.
    private const int PreviewRows = 20;
    private const int MaxBodyBytes = 100_000;

    public static IEndpointRouteBuilder MapProposals(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/drafts/{id}/proposals").WithTags("Drafts").RequireAuthorization();
        group.MapGet("", ListAsync).WithSummary("What text files among the staged files propose for the page tab")
            .WithDescription("Reads *Acq.txt and *log.txt of yeast time lapses and the .md.json files of BioImageIT. Each proposal names the file and line that it comes from and the place that it would go to. Without state, those that nobody has judged; tables are shown with their first rows.")
            .Refuses(400, 401, 404, 503);
        group.MapGet("/{proposal}", GetAsync).WithSummary("A proposal, with every row of its table").Refuses(401, 404, 503);
        group.MapPost("/acceptance", DecideAsync).WithSummary("Accepts and drops proposals")
            .WithDescription("What is accepted is written into the page tab with the value qualifiers 'Source file' and 'Source line'; what is dropped is not proposed again until its file changes. The page tab is written anew then, so that properties which a page tab does not know go. What is accepted is written whole or not at all, and before what is dropped: after a failure send the request again, as a repetition changes nothing that was done. If-Match refuses to write over another edit.")
            .WithMetadata(new RequestLimit(MaxBodyBytes)).Refuses(400, 401, 404, 409, 412, 413, 415, 422, 503);
        return routes;
    }

    private static async Task<Ok<ProposalsResponse>> ListAsync(
        string id, HttpContext http, IDraftStore drafts, ProposalDesk desk, DraftChecks checks, LargePageTabs large, string? state, int? size, string? cursor, CancellationToken ct)
    {
        var draft = await DraftEndpoints.FindAsync(id, http, drafts, ct);
        var wanted = StateOf(state);
        var count = Paging.Size(size);
        var after = Paging.Key<Position>(cursor)?.Number ?? 0;
        using var place = checks.Enter(http.RequireAccount().Id);
        using var longPlace = large.Enter(http.RequireAccount().Id, draft.PageTabBytes);
        var list = await desk.FindAsync(draft, ct);
        var found = list.Items.Where(p => wanted is null || p.State == wanted).Select((p, i) => (Proposal: p, Number: i + 1)).Skip(after).Take(count + 1).ToList();
        var page = Paging.Cut(found, count, p => new Position(p.Number).ToString(), p => ProposalResponse.Of(p.Proposal, PreviewRows));
        http.Response.GetTypedHeaders().ETag = ETags.OfRevision(draft.Revision);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new ProposalsResponse(page.Items, page.Next, CountsOf(list), list.Report.Findings, list.Report.Omitted));
    }

    private static async Task<Ok<ProposalResponse>> GetAsync(
        string id, string proposal, HttpContext http, IDraftStore drafts, ProposalDesk desk, DraftChecks checks, LargePageTabs large, CancellationToken ct)
    {
        var draft = await DraftEndpoints.FindAsync(id, http, drafts, ct);
        using var place = checks.Enter(http.RequireAccount().Id);
        using var longPlace = large.Enter(http.RequireAccount().Id, draft.PageTabBytes);
        var found = (await desk.FindAsync(draft, ct)).Items.FirstOrDefault(p => p.Id == proposal) ?? throw StatusPages.NotFound();
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(ProposalResponse.Of(found, int.MaxValue));
    }

    private static async Task<Ok<DecisionsResponse>> DecideAsync(
        string id, DecisionsRequest request, HttpContext http, IDraftStore drafts, ProposalDesk desk, DraftChecks checks, LargePageTabs large, CancellationToken ct)
    {
        var draft = await DraftEndpoints.FindAsync(id, http, drafts, ct);
        var ifMatch = http.Request.Headers.IfMatch;
        if (!ETags.Allows(ifMatch, ETags.OfRevision(draft.Revision)))
            throw new ArchiveException(Problems.PreconditionFailed, "The draft has changed since the ETag in If-Match.");
        var revision = ifMatch.Count == 0 || ifMatch.ToString().Trim() == "*" ? (long?)null : draft.Revision;
        using var place = checks.Enter(http.RequireAccount().Id);
        using var longPlace = large.Enter(http.RequireAccount().Id, draft.PageTabBytes);
        var (accept, drop) = (request.Accept ?? [], request.Drop ?? []);
        var stored = await desk.DecideAsync(draft.Id, accept, drop, revision, ct);
        http.Response.GetTypedHeaders().ETag = ETags.OfRevision(stored.Revision);
        return TypedResults.Ok(new DecisionsResponse(stored.Id, accept.Distinct(StringComparer.Ordinal).Count(), drop.Distinct(StringComparer.Ordinal).Count(), stored.Revision != draft.Revision));
    }

    private static ProposalState? StateOf(string? state) => state switch
    {
        null => ProposalState.Proposed,
        "all" => null,
        "proposed" => ProposalState.Proposed,
        "accepted" => ProposalState.Accepted,
        "dropped" => ProposalState.Dropped,
        _ => throw Refusal.OfParameter("state", "proposed, accepted, dropped or all"),
    };

    private static ProposalCounts CountsOf(ProposalList list) => new(
        list.FilesRead, list.Items.Count(p => p.State == ProposalState.Proposed), list.Items.Count(p => p.State == ProposalState.Accepted),
        list.Items.Count(p => p.State == ProposalState.Dropped));

    // Proposals are made anew for each page and have an order, so that a number is key enough.
    private readonly record struct Position(int Number) : IParsable<Position>
    {
        public static Position Parse(string s, IFormatProvider? provider) => TryParse(s, provider, out var result) ? result : throw new FormatException();

        public static bool TryParse(string? s, IFormatProvider? provider, out Position result)
        {
            var sound = int.TryParse(s, System.Globalization.NumberStyles.None, null, out var number);
            result = new Position(number);
            return sound;
        }

        public override string ToString() => Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private sealed class RequestLimit(long maxBytes) : Microsoft.AspNetCore.Http.Metadata.IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => maxBytes;
    }
}

/// <summary>Proposals to accept and to drop, a thousand in all at most.</summary>
/// <param name="Accept">Their ids.</param>
/// <param name="Drop">Their ids; none may stand in both.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record DecisionsRequest(IReadOnlyList<string>? Accept = null, IReadOnlyList<string>? Drop = null);

/// <summary>What was done.</summary>
/// <param name="Id">The draft.</param>
/// <param name="Accepted">How many of the request's proposals the page tab holds now.</param>
/// <param name="Dropped">How many of them are dropped now.</param>
/// <param name="Changed">Whether anything was not so before.</param>
internal sealed record DecisionsResponse(DraftId Id, int Accepted, int Dropped, bool Changed);

/// <summary>A page of proposals.</summary>
/// <param name="Items">In the order of files and lines.</param>
/// <param name="Next">The cursor of the next page; null on the last.</param>
/// <param name="Counts">How many there are in each state.</param>
/// <param name="Findings">What could not be made sense of, is missing or was left out; warnings all.</param>
/// <param name="Omitted">How many more findings there were.</param>
internal sealed record ProposalsResponse(
    IReadOnlyList<ProposalResponse> Items, string? Next, ProposalCounts Counts, IReadOnlyList<Finding> Findings, long Omitted);

/// <summary>Numbers of proposals.</summary>
/// <param name="Files">Text files that were looked at.</param>
/// <param name="Proposed">Not judged yet.</param>
/// <param name="Accepted">In the page tab.</param>
/// <param name="Dropped">Dropped.</param>
internal sealed record ProposalCounts(int Files, int Proposed, int Accepted, int Dropped);

/// <summary>A proposal.</summary>
/// <param name="Id">What it is accepted and dropped by; another when its file or value changes.</param>
/// <param name="State">Whether it was judged.</param>
/// <param name="Kind">What it is to the dataset.</param>
/// <param name="Parser">The format that was read.</param>
/// <param name="File">The file that it comes from.</param>
/// <param name="Line">The line in it, from 1; of a table the line that begins it.</param>
/// <param name="Place">Where it goes in the page tab.</param>
/// <param name="Value">The text; null of a table.</param>
/// <param name="Unit">The unit of the value, where the format fixes one.</param>
/// <param name="Standing">Values that stand there already, at most ten; they stay.</param>
/// <param name="Table">A table; else null.</param>
internal sealed record ProposalResponse(
    string Id, ProposalState State, ProposalKind Kind, string Parser, string File, long Line, ProposalPlace Place, string? Value, string? Unit,
    IReadOnlyList<string> Standing, ProposalTable? Table)
{
    public static ProposalResponse Of(Proposal proposal, int maxRows)
    {
        var found = proposal.Found;
        var table = found.Table is not { } t ? null : new ProposalTable(t.IsOfFiles, t.Columns, t.Rows.Count,
            [.. t.Rows.Take(maxRows).Select(r => new ProposalRow(r.Source.File.Value, r.Source.Line, r.File?.Value, r.Cells))]);
        return new(proposal.Id, proposal.State, found.Kind, proposal.Parser, found.Source.File.Value, found.Source.Line,
            new ProposalPlace(found.Place.SectionType, found.Place.SectionTitle, found.Place.Attribute), found.Value, found.Unit, proposal.Standing, table);
    }
}

/// <summary>A place in the page tab.</summary>
/// <param name="Section">The type of the section, a child of the root section; null for the root section itself.</param>
/// <param name="Title">Which section of that type, by its Title or Name; it is made where there is none.</param>
/// <param name="Attribute">The attribute; for a table the type of its rows, Files for one of files.</param>
internal sealed record ProposalPlace(string? Section, string? Title, string Attribute);

/// <summary>A table.</summary>
/// <param name="OfFiles">Whether each row describes a file of the dataset.</param>
/// <param name="Columns">Heads.</param>
/// <param name="RowCount">How many rows there are, shown or not.</param>
/// <param name="Rows">The rows, in a list of proposals the first ones.</param>
internal sealed record ProposalTable(bool OfFiles, IReadOnlyList<string> Columns, int RowCount, IReadOnlyList<ProposalRow> Rows);

/// <summary>A row of a table.</summary>
/// <param name="Source">The text file that it comes from.</param>
/// <param name="Line">The line in it.</param>
/// <param name="Path">The file that it describes; null in other tables.</param>
/// <param name="Cells">One for each column; null where there is no value.</param>
internal sealed record ProposalRow(string Source, long Line, string? Path, IReadOnlyList<string?> Cells);
