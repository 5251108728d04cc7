using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Archive.Api.Tests.Http;

/// <summary>
/// Every route, asked by everybody about something in every state. What is to be answered stands in <see cref="AuthorizationRules"/>; which
/// rule is a route's, in <see cref="AuthorizationRoutes"/>.
/// </summary>
[TestClass]
public sealed class AuthorizationTests
{
    private const int MaxLines = 200;

    public TestContext TestContext { get; set; } = null!;

    private CancellationToken Ct => TestContext.CancellationToken;

    [TestMethod]
    public void Table_WhenComparedWithTheServer_HasARuleForEveryRouteAndNoOther()
    {
        var ruled = AuthorizationRoutes.All.SelectMany(row => AuthorizationServer.MethodsOf(row).Select(method => (method, row.Pattern))).ToHashSet();

        Assert.IsGreaterThan(150, AuthorizationServer.Routes.Count);
        var without = AuthorizationServer.Routes.Except(ruled).ToList();
        var unknown = ruled.Except(AuthorizationServer.Routes).ToList();
        Assert.IsEmpty(without, $"Give these routes a rule in {nameof(AuthorizationRoutes)}: {string.Join(", ", without)}");
        Assert.IsEmpty(unknown, $"The server has no such routes: {string.Join(", ", unknown)}");
    }

    [TestMethod]
    public void Rules_WhenSomebodyMayNotKnowOfAThing_AreThoseOfWhatThereIsNot()
    {
        foreach (var rule in AuthorizationRoutes.All.Select(r => r.Rule).Distinct().Where(r => r.IsOfThings))
            foreach (var actor in Enum.GetValues<Actor>())
                foreach (var state in Enum.GetValues<State>().Where(state => !rule.Knows(actor, state)))
                    Assert.AreEqual(rule.Expect(actor, State.Absent), rule.Expect(actor, state), $"{rule.Name}, {actor}, {state}");
    }

    [TestMethod]
    public async Task Archive_WhenAskedByEverybodyForEverything_AnswersAsTheRulesSay()
    {
        var clock = Stopwatch.StartNew();
        await using var world = await AuthorizationWorld.MakeAsync(Ct);
        using var caller = new AuthorizationCaller(world);
        TestContext.WriteLine($"The world stood after {clock.Elapsed}.");
        var before = await world.StandingAsync(Ct);
        var cells = new ConcurrentBag<Cell>();

        // Each waits for his own answers only, as limits of what an account does at once ask for.
        await Task.WhenAll(Enum.GetValues<Actor>().Select(async actor =>
        {
            foreach (var row in AuthorizationRoutes.All)
                foreach (var state in row.Rule.IsOfThings ? Enum.GetValues<State>() : [State.Absent])
                    foreach (var method in AuthorizationServer.MethodsOf(row)) cells.Add(await AskAsync(world, caller, row, method, actor, state));
        }));

        TestContext.WriteLine($"{cells.Count} requests, answered after {clock.Elapsed}.");
        var failures = cells.Where(c => c.Answered.Answer != c.Expected).Select(c => $"{c} expected {c.Expected}, answered {c.Answered.Status} {c.Answered.Code}").Concat(Telling(cells)).Concat(Naming(world, cells)).Order(StringComparer.Ordinal).ToList();
        Assert.IsEmpty(failures, $"{failures.Count} differ:\n{string.Join('\n', failures.Take(MaxLines))}");
        Assert.AreEqual(before, await world.StandingAsync(Ct), "what was allowed changed nothing, and what was refused was not done");
    }

    private async Task<Cell> AskAsync(AuthorizationWorld world, AuthorizationCaller caller, AuthorizedRoute row, string method, Actor actor, State state)
    {
        var (thing, expected) = (world[state], row.Rule.Expect(actor, state));
        if (row.Prepare is null) return new(row, method, actor, state, expected, await caller.SendAsync(row, method, actor, thing, null, Ct));
        // What an allowed request uses up is made for it; others are sent what has to be there at the end.
        await thing.Gate.WaitAsync(Ct);
        try
        {
            var prepared = expected is Answer.Allowed ? await row.Prepare(world, actor, thing, Ct) : null;
            return new(row, method, actor, state, expected, await caller.SendAsync(row, method, actor, thing, prepared, Ct));
        }
        catch (Exception e) when (e is HttpRequestException or UnitTestAssertException or InvalidOperationException)
        {
            // Something that was made for this is gone: one line among those that tell why.
            return new(row, method, actor, state, expected, new(0, e.Message, "", ""));
        }
        finally
        {
            thing.Gate.Release();
        }
    }

    // Whoever may not know of a thing is told of it what he is told of what there is not: status, headers and body.
    private static IEnumerable<string> Telling(IEnumerable<Cell> cells)
    {
        foreach (var same in cells.Where(c => c.Route.Rule.IsOfThings).GroupBy(c => (c.Route, c.Method, c.Actor)))
        {
            var absent = same.Single(c => c.State is State.Absent).Answered.Text;
            foreach (var cell in same.Where(c => !c.Route.Rule.Knows(c.Actor, c.State) && c.Answered.Text != absent))
                yield return $"{cell} tells it from what there is not: {Difference(absent, cell.Answered.Text)}";
        }
    }

    // No answer about one thing names another that its reader may not know of: no list, no search, no page.
    private static IEnumerable<string> Naming(AuthorizationWorld world, IEnumerable<Cell> cells)
    {
        foreach (var mine in cells.Where(c => c.Expected is Answer.Allowed && c.Route.Rule != AuthorizationRules.Elsewhere.Operators).GroupBy(c => c.Actor))
        {
            var secrets = Enum.GetValues<State>().SelectMany(s => Unknown(mine.Key, world[s])).ToDictionary(StringComparer.Ordinal);
            if (secrets.Count == 0) continue;
            var names = new Regex($"(?:{string.Join('|', secrets.Keys)})(?![0-9A-Za-z])", RegexOptions.None, TimeSpan.FromSeconds(5));
            foreach (var cell in mine)
                foreach (var name in names.Matches(cell.Answered.Body).Select(m => m.Value).Distinct().Where(n => secrets[n] != cell.State))
                    yield return $"{cell} names {name}, which is {secrets[name]}";
        }
    }

    private static IEnumerable<KeyValuePair<string, State>> Unknown(Actor actor, Thing thing)
    {
        if (AuthorizationRules.ReadDraft.Knows(actor, thing.State)) yield break;
        foreach (var name in new[] { thing.Draft, thing.FirstDraft, thing.Submission }.Distinct()) yield return new(name, thing.State);
        if (!AuthorizationRules.ReadDataset.Knows(actor, thing.State)) yield return new(thing.Accession, thing.State);
    }

    private static string Difference(string absent, string hidden)
    {
        var (a, b) = (absent.Split('\n'), hidden.Split('\n'));
        var text = new StringBuilder();
        foreach (var i in Enumerable.Range(0, Math.Max(a.Length, b.Length)).Where(i => a.ElementAtOrDefault(i) != b.ElementAtOrDefault(i)).Take(2))
            text.Append($"«{a.ElementAtOrDefault(i)?.Trim()}» became «{b.ElementAtOrDefault(i)?.Trim()}» ");
        return text.Length > 400 ? text.ToString(0, 400) : text.ToString();
    }

    private sealed record Cell(AuthorizedRoute Route, string Method, Actor Actor, State State, Answer Expected, Answered Answered)
    {
        public override string ToString() => $"{(Method == Route.Method ? "" : Method + " by ")}{Route} [{Route.Rule.Name}] {Actor} {State}:";
    }
}
