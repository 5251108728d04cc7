using Archive.Api.Running;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Archive.Api.Http;

/// <summary>The address under which the public reaches the archive: from the settings, never from a request's Host.</summary>
internal sealed class BaseAddress(Settings settings, IServer server)
{
    /// <summary>The address without a slash at its end.</summary>
    public string Value => field ??= Read();

    /// <summary>The absolute address of a path that begins with a slash.</summary>
    public string To(string path) => Value + path;

    private string Read()
    {
        var configured = settings.Get(SettingCatalogue.BaseUrl);
        if (configured.Length > 0) return configured.TrimEnd('/');
        if (settings.Port != 0) return $"http://localhost:{settings.Port}";
        return server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()?.TrimEnd('/') ?? "http://localhost";
    }
}
