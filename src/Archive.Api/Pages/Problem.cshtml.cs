using Archive.Api.Errors;
using Archive.Model.Errors;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Archive.Api.Pages;

/// <summary>The page of one error: what it means and what to do.</summary>
internal sealed class ProblemModel : PageModel
{
    /// <summary>The row of the catalogue.</summary>
    public Problem Problem { get; private set; } = null!;

    /// <summary>Shows the row of a code.</summary>
    public void OnGet(string code) => Problem = Problems.ByCode.GetValueOrDefault(code) ?? throw StatusPages.NotFound();
}
