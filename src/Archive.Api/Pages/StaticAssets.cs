using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Archive.Api.Pages;

/// <summary>
/// Style, fonts and icons of the pages. They are built into the assembly, so that they are found wherever it is started from, and
/// stand under a folder named for their content: a browser keeps them for a year and asks again only when they have changed.
/// All style sheets of <c>wwwroot/css</c> are one file, in the order of their names.
/// </summary>
internal sealed class StaticAssets
{
    private const string Root = "wwwroot/";
    private const string StyleSheet = "site.css";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".woff2"] = "font/woff2",
        [".txt"] = "text/plain; charset=utf-8",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly FrozenDictionary<string, Asset> assets;
    private readonly string folder;

    /// <summary>Reads everything once.</summary>
    public StaticAssets()
    {
        var assembly = typeof(StaticAssets).Assembly;
        var names = assembly.GetManifestResourceNames().Where(n => n.StartsWith(Root, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        var css = names.Where(n => n.EndsWith(".css", StringComparison.Ordinal)).ToList();
        var contents = new SortedDictionary<string, byte[]>(StringComparer.Ordinal) { [StyleSheet] = [.. css.SelectMany(n => Read(assembly, n))] };
        foreach (var name in names.Except(css, StringComparer.Ordinal)) contents[name[Root.Length..]] = Read(assembly, name);
        assets = contents.ToFrozenDictionary(c => c.Key, c => new Asset(Types[Path.GetExtension(c.Key)], c.Value, Compressed(c.Key, c.Value)), StringComparer.Ordinal);
        folder = $"/assets/{Fingerprint(contents)}/";
    }

    /// <summary>The address of an asset, such as <c>site.css</c> or <c>icons/mark.svg</c>.</summary>
    public string this[string name] => assets.ContainsKey(name) ? folder + name : throw new ArgumentException($"There is no asset {name}.", nameof(name));

    /// <summary>Serves them.</summary>
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods(folder + "{**name}", [HttpMethods.Get, HttpMethods.Head], Serve).ExcludeFromDescription();

    private IResult Serve(string name, HttpContext context)
    {
        if (!assets.TryGetValue(name, out var asset)) return Results.NotFound();
        var headers = context.Response.Headers;
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.XContentTypeOptions = "nosniff";
        headers.Vary = HeaderNames.AcceptEncoding;
        if (asset.Brotli is null || !context.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal))
            return Results.Bytes(asset.Content, asset.ContentType);
        headers.ContentEncoding = "br";
        return Results.Bytes(asset.Brotli, asset.ContentType);
    }

    private static byte[] Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    // Fonts are compressed already.
    private static byte[]? Compressed(string name, byte[] content)
    {
        if (name.EndsWith(".woff2", StringComparison.Ordinal)) return null;
        var buffer = new byte[BrotliEncoder.GetMaxCompressedLength(content.Length)];
        return BrotliEncoder.TryCompress(content, buffer, out var written, quality: 9, window: 22) && written < content.Length ? buffer[..written] : null;
    }

    private static string Fingerprint(SortedDictionary<string, byte[]> contents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, content) in contents)
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(name));
            hash.AppendData(content);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private sealed record Asset(string ContentType, byte[] Content, byte[]? Brotli);
}
