namespace Archive.Api.Tests.Http;

/// <summary>
/// What the design says of drafts, submissions and datasets. A reader reads, an editor writes and submits, the owner does the rest, a curator
/// everything; an operator runs the archive and is to these things nobody. A key opens a private dataset for reading, and nothing else.
/// </summary>
internal static class AuthorizationRules
{
    private static readonly Actor[] SignedInActors = [Actor.Depositor, Actor.Owner, Actor.Editor, Actor.Reader, Actor.DepositorWithKey, Actor.Curator, Actor.Operator];
    private static readonly Actor[] Reviewers = [Actor.ReviewerKey, Actor.ReviewerCookie, Actor.DepositorWithKey];
    private static readonly Actor[] Owners = [Actor.Owner, Actor.Curator];
    private static readonly Actor[] Editors = [Actor.Editor, .. Owners];
    private static readonly Actor[] Readers = [Actor.Reader, .. Editors];

    /// <summary>Head, versions, files, pages.</summary>
    public static readonly AuthorizationRule ReadDataset = OfDataset("read dataset", Reading);

    /// <summary>What tells who deposited, and is refused to reviewers: page tab and file lists as files.</summary>
    public static readonly AuthorizationRule ReadAsDeposited = OfDataset("read as deposited",
        (actor, state) => Reviewers.Contains(actor) && Reading(actor, state) is Answer.Allowed && state is not State.Released ? Answer.Forbidden : Reading(actor, state));

    /// <summary>A version that was superseded under embargo: a draft of the dataset for those who made it, and to others as if it had never been.</summary>
    public static readonly AuthorizationRule ReadSuperseded = OfDataset("read superseded", Superseded) with
    {
        // Reviewers know of the dataset, and are told so by the headers of all its answers.
        Knows = (actor, state) => Superseded(actor, state) is not Answer.Hidden || (IsReviewer(actor) && Reading(actor, state) is Answer.Allowed),
    };

    /// <summary>History, keys, blind view, collaborators, another owner: the owner's, and once it is withdrawn curators' alone.</summary>
    public static readonly AuthorizationRule ManageDataset = OfDataset("manage dataset", Doing(Owners, [Actor.Curator]));

    /// <summary>The release date; of a withdrawn dataset nobody moves it.</summary>
    public static readonly AuthorizationRule MoveDate = OfDataset("move the date", Doing(Owners, []));

    /// <summary>Withdrawing.</summary>
    public static readonly AuthorizationRule Withdraw = OfDataset("withdraw", Doing([Actor.Curator], [Actor.Curator]));

    /// <summary>A revision; nobody revises what is withdrawn.</summary>
    public static readonly AuthorizationRule Revise = OfDataset("revise", Doing(Editors, []));

    /// <summary>Accepting what was offered: nothing is offered to anybody here, and to its owner it is his already.</summary>
    public static readonly AuthorizationRule AcceptDataset = OfDataset("accept dataset", Accepting(State.Draft));

    /// <summary>A search that names a dataset answers everybody, and tells of it only what may be known.</summary>
    public static readonly AuthorizationRule SearchDataset = OfDataset("search", (_, _) => Answer.Allowed);

    /// <summary>The curators' decisions.</summary>
    public static readonly AuthorizationRule Curate = new("curate", (actor, state) =>
        !IsSignedIn(actor) ? Answer.SignIn : actor is not Actor.Curator ? Answer.Forbidden : state switch
        {
            State.Draft or State.Absent => Answer.Hidden,
            State.Withdrawn or State.WithdrawnUnseen => Answer.Gone,
            _ => Answer.Allowed,
        })
    { Knows = (actor, state) => actor is Actor.Curator && state is not State.Absent and not State.Draft };

    /// <summary>A draft's metadata, files, findings and proposals.</summary>
    public static readonly AuthorizationRule ReadDraft = OfDraft("read draft", Readers);

    /// <summary>Changing and submitting it.</summary>
    public static readonly AuthorizationRule WriteDraft = OfDraft("write draft", Editors);

    /// <summary>Submitting again, after a lost answer, what was published since: told to whoever could submit it, as the draft is gone for all.</summary>
    public static readonly AuthorizationRule RepeatSubmission = WriteDraft with
    {
        Name = "repeat submission",
        Of = (actor, state) => WriteDraft!.Of(actor, state) is Answer.Forbidden && state is not State.Draft ? Answer.Hidden : WriteDraft.Of(actor, state),
    };

    /// <summary>Throwing it away, sharing it, giving it another owner.</summary>
    public static readonly AuthorizationRule ManageDraft = OfDraft("manage draft", Owners);

    /// <summary>Taking an offer back: a revision is never offered, since it belongs to whom its dataset does.</summary>
    public static readonly AuthorizationRule KeepDraft = OfDraft("keep draft", Owners) with
    {
        Of = (actor, state) => ManageDraft!.Of(actor, state) is Answer.Allowed && state is not State.Draft and not State.Another ? Answer.Hidden : ManageDraft.Of(actor, state),
    };

    /// <summary>As for datasets.</summary>
    public static readonly AuthorizationRule AcceptDraft = OfDraft("accept draft", Owners) with { Of = Accepting() };

    /// <summary>A submission is whose its draft is.</summary>
    public static readonly AuthorizationRule ReadSubmission = OfDraft("read submission", Readers);

    /// <summary>Stopping it is for those who could submit.</summary>
    public static readonly AuthorizationRule StopSubmission = OfDraft("stop submission", Editors);

    /// <summary>Whether a request carries a sign-in that is good.</summary>
    public static bool IsSignedIn(Actor actor) => SignedInActors.Contains(actor);

    /// <summary>Whether somebody reads a dataset by its key alone.</summary>
    public static bool IsReviewer(Actor actor) => Reviewers.Contains(actor);

    private static Answer Reading(Actor actor, State state) => state switch
    {
        State.Released => Answer.Allowed,
        State.Draft or State.Absent => Answer.Hidden,
        _ when actor is Actor.Curator => Answer.Allowed,
        State.Private or State.Waiting => Readers.Contains(actor) || Reviewers.Contains(actor) ? Answer.Allowed : Answer.Hidden,
        State.Withdrawn => Answer.Gone,
        State.WithdrawnUnseen => actor is Actor.Owner ? Answer.Gone : Answer.Hidden,
        _ => Answer.Hidden,
    };

    private static Answer Superseded(Actor actor, State state) => Reading(actor, state) is not Answer.Allowed and var refused ? refused
        : Readers.Contains(actor) && IsWithin(actor, state) ? Answer.Allowed : Answer.Hidden;

    // What needs a sign-in. A key counts for nothing here, so that who may not read without it is told what everybody is.
    private static Func<Actor, State, Answer> Doing(Actor[] who, Actor[] whoOfWithdrawn) => (actor, state) =>
    {
        if (!IsSignedIn(actor)) return Answer.SignIn;
        var allowed = state is State.Withdrawn or State.WithdrawnUnseen ? whoOfWithdrawn : who;
        return Reading(actor is Actor.DepositorWithKey ? Actor.Depositor : actor, state) switch
        {
            Answer.Allowed when allowed.Contains(actor) && IsWithin(actor, state) => Answer.Allowed,
            Answer.Allowed => state is State.Withdrawn or State.WithdrawnUnseen ? Answer.Gone : Answer.Forbidden,
            var refused => refused,
        };
    };

    private static Func<Actor, State, Answer> Accepting(params State[] without) => (actor, state) =>
        !IsSignedIn(actor) ? Answer.SignIn
        : actor is Actor.Owner && state is not State.Another and not State.Absent && !without.Contains(state) ? Answer.Allowed : Answer.Hidden;

    // Owner, editor and reader of the other things are nobody to another's.
    private static bool IsWithin(Actor actor, State state) => actor is Actor.Curator || state is not State.Another;

    private static AuthorizationRule OfDataset(string name, Func<Actor, State, Answer> of) =>
        new(name, of) { Knows = (actor, state) => Reading(actor, state) is not Answer.Hidden };

    private static AuthorizationRule OfDraft(string name, Actor[] who)
    {
        return new(name, (actor, state) =>
            !IsSignedIn(actor) ? Answer.SignIn
            : !Knows(actor, state) ? Answer.Hidden
            : who.Contains(actor) ? Answer.Allowed : Answer.Forbidden)
        { Knows = Knows };

        static bool Knows(Actor actor, State state) => state is not State.Absent && Readers.Contains(actor) && IsWithin(actor, state);
    }

    /// <summary>Rules of what is no draft and no dataset.</summary>
    public static class Elsewhere
    {
        /// <summary>For everybody, with or without a sign-in.</summary>
        public static readonly AuthorizationRule Public = Of("public", _ => Answer.Allowed);

        /// <summary>Where people sign in, register and answer mails, and what watches the archive: no token is looked at.</summary>
        public static readonly AuthorizationRule WithoutSignIn = Of("without sign-in", _ => Answer.Allowed) with { IgnoresSignIn = true };

        /// <summary>For every account: its own things.</summary>
        public static readonly AuthorizationRule SignedIn = Of("signed in", actor => IsSignedIn(actor) ? Answer.Allowed : Answer.SignIn);

        /// <summary>For curators.</summary>
        public static readonly AuthorizationRule Curators = Of("curators", OnlyFor(Actor.Curator));

        /// <summary>For operators.</summary>
        public static readonly AuthorizationRule Operators = Of("operators", OnlyFor(Actor.Operator));

        /// <summary>For operators, and programs on the archive's own machine.</summary>
        public static readonly AuthorizationRule OperatorsOrMachine = Of("operators or the machine", actor => actor is Actor.LocalProgram ? Answer.Allowed : OnlyFor(Actor.Operator)(actor));

        private static Func<Actor, Answer> OnlyFor(Actor role) => actor => actor == role ? Answer.Allowed : IsSignedIn(actor) ? Answer.Forbidden : Answer.SignIn;

        private static AuthorizationRule Of(string name, Func<Actor, Answer> of) => new(name, (actor, _) => of(actor), IsOfThings: false);
    }
}
