namespace Archive.Api.Tests.Http;

/// <summary>Who asks.</summary>
internal enum Actor
{
    /// <summary>Nobody whom the archive knows.</summary>
    Stranger,

    /// <summary>The same, but a program on the archive's own machine.</summary>
    LocalProgram,

    /// <summary>An account that has nothing to do with anything here.</summary>
    Depositor,

    /// <summary>Whose the things are, but for those of <see cref="State.Another"/>.</summary>
    Owner,

    /// <summary>With whom they are shared to be changed.</summary>
    Editor,

    /// <summary>With whom they are shared to be read.</summary>
    Reader,

    /// <summary>A stranger with an access key in the address.</summary>
    ReviewerKey,

    /// <summary>A stranger with the cookie that a page gives for a key.</summary>
    ReviewerCookie,

    /// <summary>The other account, with an access key in the address.</summary>
    DepositorWithKey,

    /// <summary>A curator.</summary>
    Curator,

    /// <summary>An operator.</summary>
    Operator,

    /// <summary>The owner, by a sign-in that has expired.</summary>
    ExpiredToken,
}

/// <summary>How far the thing has come that is asked for.</summary>
internal enum State
{
    /// <summary>Submitted once and rejected: there is a draft with an accession, and no dataset.</summary>
    Draft,

    /// <summary>A dataset under embargo; its draft is a revision.</summary>
    Private,

    /// <summary>The same, waiting for a curator.</summary>
    Waiting,

    /// <summary>Public; its draft is a revision.</summary>
    Released,

    /// <summary>Withdrawn after it was public; a revision had been begun.</summary>
    Withdrawn,

    /// <summary>Withdrawn before it was ever public.</summary>
    WithdrawnUnseen,

    /// <summary>A private dataset and a draft of somebody else, with none of whom anything is shared.</summary>
    Another,

    /// <summary>There is no such thing.</summary>
    Absent,
}

/// <summary>What is answered, as far as rights decide it.</summary>
internal enum Answer
{
    /// <summary>The request is judged by what it says, and not refused for who sends it.</summary>
    Allowed,

    /// <summary>401.</summary>
    SignIn,

    /// <summary>403.</summary>
    Forbidden,

    /// <summary>404.</summary>
    Hidden,

    /// <summary>410.</summary>
    Gone,
}

/// <summary>The rule of a resource: what each may do with it in each state.</summary>
/// <param name="Name">For the table of what differs.</param>
/// <param name="Of">What is to be answered.</param>
/// <param name="IsOfThings">Whether states matter.</param>
/// <param name="IgnoresSignIn">Whether an expired token is passed over.</param>
internal sealed record AuthorizationRule(string Name, Func<Actor, State, Answer> Of, bool IsOfThings = true, bool IgnoresSignIn = false)
{
    /// <summary>What is to be answered; a token that is worth nothing is never taken for a stranger's visit.</summary>
    public Answer Expect(Actor actor, State state) => actor != Actor.ExpiredToken ? Of(actor, state) : IgnoresSignIn ? Of(Actor.Stranger, state) : Answer.SignIn;

    /// <summary>Whether the actor may know that the thing exists; if not, it must look as if it did not.</summary>
    public Func<Actor, State, bool> Knows { get; init; } = (_, _) => true;
}
