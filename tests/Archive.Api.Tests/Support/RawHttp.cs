using System.Net.Sockets;
using System.Text;

namespace Archive.Api.Tests.Support;

/// <summary>A connection that sends what is written and nothing else: HTTP clients tidy paths up and hide torn bodies.</summary>
internal sealed class RawHttp : IDisposable
{
    private readonly TcpClient client = new();

    private NetworkStream? stream;

    // Asked for once: a client that has ended its sending gives none any more.
    private NetworkStream Stream => stream ??= client.GetStream();

    /// <summary>Sends the text and returns the status and the whole answer; 0 where none came.</summary>
    public static async Task<(int Status, string Answer)> SendAsync(int port, string request, CancellationToken ct, bool endSending = false)
    {
        using var connection = await OpenAsync(port, ct);
        await connection.WriteAsync(request, ct);
        if (endSending) connection.client.Client.Shutdown(SocketShutdown.Send);
        return await connection.ReadAsync(ct);
    }

    /// <summary>Connects.</summary>
    public static async Task<RawHttp> OpenAsync(int port, CancellationToken ct)
    {
        var connection = new RawHttp();
        await connection.client.ConnectAsync("127.0.0.1", port, ct);
        return connection;
    }

    /// <summary>A request without body.</summary>
    public static string Request(string method, string target, string? token = null) =>
        $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{(token is null ? "" : $"Authorization: Bearer {token}\r\n")}\r\n";

    /// <summary>Sends the text, each character a byte.</summary>
    public async Task WriteAsync(string text, CancellationToken ct)
    {
        try
        {
            await Stream.WriteAsync(Encoding.Latin1.GetBytes(text), ct);
        }
        catch (IOException)
        {
            // The server answered and closed before it had read everything: its answer is what counts.
        }
    }

    /// <summary>Reads until the server closes.</summary>
    public async Task<(int Status, string Answer)> ReadAsync(CancellationToken ct)
    {
        var answer = new StringBuilder();
        var buffer = new byte[16_384];
        try
        {
            for (int read; (read = await Stream.ReadAsync(buffer, ct)) > 0;) answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        catch (IOException)
        {
            // A server that closes while bytes are still coming resets the connection after its answer.
        }
        return (answer.Length == 0 ? 0 : int.Parse(answer.ToString(9, 3)), answer.ToString());
    }

    /// <summary>Reads until as much of an answer is there as its Content-Length says, or the server closes.</summary>
    public async Task<(int Status, string Answer)> ReadHeadAsync(CancellationToken ct)
    {
        var answer = new StringBuilder();
        var buffer = new byte[16_384];
        try
        {
            for (int read; !IsWhole(answer.ToString()) && (read = await Stream.ReadAsync(buffer, ct)) > 0;) answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        catch (IOException)
        {
            // As above.
        }
        return (answer.Length == 0 ? 0 : int.Parse(answer.ToString(9, 3)), answer.ToString());

        static bool IsWhole(string answer)
        {
            if (answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) is not (> 0 and var end)) return false;
            // A body in chunks ends with an empty one.
            return answer.Split("Content-Length: ") is [_, var rest, ..]
                ? answer.Length >= end + 4 + int.Parse(rest.Split('\r')[0])
                : answer.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal);
        }
    }

    public void Dispose() => client.Dispose();
}
