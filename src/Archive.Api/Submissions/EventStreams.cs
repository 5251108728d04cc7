using Archive.Api.Http;
using Archive.Api.Running;

namespace Archive.Api.Submissions;

/// <summary>Bounds the event streams that are open at once on this node: each holds a connection for as long as a submission runs.</summary>
internal sealed class EventStreams(Settings settings)
    : Places(settings.Get(SettingCatalogue.EventStreams), Math.Max(1, settings.Get(SettingCatalogue.EventStreams) / Share), "event streams")
{
    private const long Share = 10;
}

/// <summary>
/// Bounds the checks of drafts that run at once on this node: each reads its file lists through and holds some fifty bytes for each
/// staged file.
/// </summary>
internal sealed class DraftChecks() : Places(all: 8, ofOne: 2, "checks of drafts");
