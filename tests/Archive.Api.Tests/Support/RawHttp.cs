using System.Net.Sockets;
using System.Text;

namespace Archive.Api.Tests.Support;

/// <summary>Sends a request line as it is written: HTTP clients tidy paths up before they send them.</summary>
internal static class RawHttp
{
    /// <summary>Sends the text and returns the status and the whole answer.</summary>
    public static async Task<(int Status, string Answer)> SendAsync(int port, string request, CancellationToken ct, bool endSending = false)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, ct);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), ct);
        if (endSending) client.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var answer = await reader.ReadToEndAsync(ct);
        return (answer.Length == 0 ? 0 : int.Parse(answer.AsSpan(9, 3)), answer);
    }

    /// <summary>A request without body.</summary>
    public static string Request(string method, string target, string? token = null) =>
        $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{(token is null ? "" : $"Authorization: Bearer {token}\r\n")}\r\n";
}
