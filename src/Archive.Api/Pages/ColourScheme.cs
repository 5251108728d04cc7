namespace Archive.Api.Pages;

/// <summary>Light, dark, or as the visitor's system has it: kept in a cookie that says nothing else, and set without script.</summary>
internal static class ColourScheme
{
    private const string Cookie = "scheme";
    private const int MaxFormBytes = 8192;

    /// <summary>The choices, with their names.</summary>
    public static readonly IReadOnlyList<(string Value, string Name)> Choices = [("system", "System"), ("light", "Light"), ("dark", "Dark")];

    /// <summary>What a visitor chose; null for the system's.</summary>
    public static string? Of(HttpContext http) => http.Request.Cookies[Cookie] is "light" or "dark" ? http.Request.Cookies[Cookie] : null;

    /// <summary>Sets the choice and goes back to the page that it was made on, which a browser names to its own site.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/scheme", SetAsync).ExcludeFromDescription();

    private static async Task<IResult> SetAsync(HttpContext http, CancellationToken ct)
    {
        if (!http.Request.HasFormContentType || http.Request.ContentLength is null or > MaxFormBytes) return Results.BadRequest();
        var form = await http.Request.ReadFormAsync(ct);
        var options = new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", MaxAge = TimeSpan.FromDays(365), Secure = http.Request.IsHttps };
        if (form["to"].ToString() is var to and ("light" or "dark")) http.Response.Cookies.Append(Cookie, to, options);
        else http.Response.Cookies.Delete(Cookie, options);
        return Results.Redirect(Uri.TryCreate(http.Request.Headers.Referer, UriKind.Absolute, out var page) && IsHere(page.PathAndQuery) ? page.PathAndQuery : "/");
    }

    // Only the path is taken, so no other site is led to; a path that begins with '//' would be read as one.
    private static bool IsHere(string address) =>
        address is ['/', ..] && (address.Length == 1 || address[1] is not ('/' or '\\')) && !address.Any(char.IsControl);
}
