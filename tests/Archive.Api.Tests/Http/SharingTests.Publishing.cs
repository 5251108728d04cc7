using System.Net;
using Archive.TestKit.Processes;

namespace Archive.Api.Tests.Http;

public sealed partial class SharingTests
{
    [TestMethod]
    public async Task Submission_WhileItIsPublished_IsNeverHiddenFromItsEditors()
    {
        var (owner, editor, stranger) = (await DepositorAsync(), await DepositorAsync(), await DepositorAsync());
        for (var round = 0; round < 8; round++)
        {
            var depositing = new Depositing(owner, SampleDeposit.Generate(100 + round, 1, 100));
            await depositing.BeginAsync(Ct);
            await ShareAsync(owner, $"/api/drafts/{depositing.Draft}", editor.Email!, "Editor");
            await depositing.UploadAsync(Ct);
            var submission = (await editor.SubmitAsync(depositing.Draft!, Ct)).GetProperty("submission").GetString()!;

            // Its draft goes and its dataset comes while they ask again and again, by the submission's address and by the draft's.
            var published = owner.WaitForEndAsync(submission, TimeSpan.FromMinutes(1), Ct);
            await Task.WhenAll(Enumerable.Range(0, 4).Select(lane => AskAsync(lane)));

            async Task AskAsync(int lane)
            {
                for (var after = 0; after < 10; after += published.IsCompleted ? 1 : 0)
                {
                    if (lane % 2 == 0) await editor.GetSubmissionAsync(submission, Ct);
                    else Assert.AreEqual(submission, (await editor.SubmitAsync(depositing.Draft!, Ct)).GetProperty("submission").GetString());
                    using var hidden = await stranger.SendAsync(Post, $"/api/drafts/{depositing.Draft}/submission", null, Ct);
                    await ExpectAsync(hidden, HttpStatusCode.NotFound, "not-found");
                }
            }
        }
    }
}
