using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Archive.Api.Mail.Smtp;

/// <summary>An answer of a mail server.</summary>
/// <param name="Code">Three digits; the first says how it went (RFC 5321, section 4.2).</param>
/// <param name="Lines">Its text.</param>
internal sealed record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    /// <summary>Whether the server did what it was asked.</summary>
    public bool IsGood => Code is >= 200 and < 400;

    /// <summary>Whether asking again is useless.</summary>
    public bool IsFinal => Code is >= 500 and < 600;

    /// <summary>The answer as one printable line.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Code} {new string(string.Join(' ', Lines).Select(c => c is >= ' ' and < (char)127 ? c : '?').Take(200).ToArray())}");
}

/// <summary>One connection to a mail server: commands out, replies in, both bounded.</summary>
internal sealed class SmtpConnection(Stream first) : IAsyncDisposable
{
    private const int MaxLineBytes = 2048; // RFC 5321 has 512; some servers say more
    private const int MaxLines = 200;

    private readonly byte[] buffer = new byte[4096];
    private Stream stream = first;
    private int start;
    private int end;

    /// <summary>Connects.</summary>
    /// <exception cref="SocketException">Nobody answers.</exception>
    public static async Task<SmtpConnection> OpenAsync(string host, int port, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, ct);
            return new SmtpConnection(new NetworkStream(socket, ownsSocket: true));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Protects the connection from here on. The server's certificate must be sound and carry the name.</summary>
    public async Task ProtectAsync(string host, CancellationToken ct)
    {
        // What came before the handshake was sent by anybody (CVE-2011-0411).
        (start, end) = (0, 0);
        var secure = new SslStream(stream);
        stream = secure;
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, ct);
    }

    /// <summary>Sends a command and reads its reply.</summary>
    public async Task<SmtpReply> AskAsync(string command, CancellationToken ct)
    {
        if (command.AsSpan().ContainsAny('\r', '\n')) throw new FormatException("A command is one line.");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"), ct);
        return await ReadAsync(ct);
    }

    /// <summary>Sends a message after DATA, a dot put before lines that begin with one, and reads the reply.</summary>
    public async Task<SmtpReply> SendAsync(byte[] message, CancellationToken ct)
    {
        // A few kilobytes: our own templates bound it.
        var sent = new List<byte>(message.Length + 64);
        for (var i = 0; i < message.Length; i++)
        {
            if (message[i] == '.' && (i == 0 || message[i - 1] == '\n')) sent.Add((byte)'.');
            sent.Add(message[i]);
        }
        sent.AddRange(".\r\n"u8);
        await stream.WriteAsync(sent.ToArray(), ct);
        return await ReadAsync(ct);
    }

    /// <summary>Reads a reply of one or more lines.</summary>
    /// <exception cref="IOException">The server closed, or does not speak SMTP.</exception>
    public async Task<SmtpReply> ReadAsync(CancellationToken ct)
    {
        var lines = new List<string>();
        while (true)
        {
            var line = await LineAsync(ct);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code) || lines.Count == MaxLines)
                throw new IOException("The mail server answers something that is not SMTP.");
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length > 3 && line[3] == '-') continue;
            return new SmtpReply(code, lines);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private async Task<string> LineAsync(CancellationToken ct)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (start == end)
            {
                (start, end) = (0, await stream.ReadAsync(buffer, ct));
                if (end == 0) throw new IOException("The mail server closed the connection.");
            }
            var c = (char)buffer[start++];
            if (c == '\n') return line.ToString().TrimEnd('\r');
            if (line.Append(c).Length > MaxLineBytes) throw new IOException("The mail server answers lines without end.");
        }
    }
}
