using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Archive.TestKit.Mails;

/// <summary>What a test has the mail server do instead of taking a mail.</summary>
public enum SmtpBehaviour
{
    /// <summary>Takes everything.</summary>
    Take,

    /// <summary>Answers the recipient with 451: later perhaps.</summary>
    RefuseForNow,

    /// <summary>Answers the recipient with 550: never.</summary>
    RefuseForGood,

    /// <summary>Takes the message, then says nothing more until it is let go.</summary>
    TakeAndHang,

    /// <summary>Does not ask for the message until it is let go, then takes it.</summary>
    HangBeforeMessage,

    /// <summary>Closes the connection in the middle of the message, which is not kept.</summary>
    CutOff,
}

/// <summary>
/// A small mail server for tests, on a free port of the loopback address: speaks enough SMTP (RFC 5321) with STARTTLS and AUTH PLAIN,
/// keeps what it took, and misbehaves on demand.
/// </summary>
public sealed class SmtpServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource closing = new();
    private readonly TaskCompletionSource letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(string From, string To, byte[] Message)> taken = [];
    private readonly List<string> commands = [];
    private readonly List<Task> conversations = [];
    private readonly X509Certificate2? certificate;
    private readonly Task accepting;
    private int messagesAskedFor;

    /// <summary>Starts it.</summary>
    /// <param name="certificate">With it the server offers STARTTLS and asks for it before anything else; null for neither.</param>
    /// <param name="eightBit">Whether it offers 8BITMIME.</param>
    public SmtpServer(X509Certificate2? certificate = null, bool eightBit = true)
    {
        this.certificate = certificate;
        EightBit = eightBit;
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>What it does from now on.</summary>
    public SmtpBehaviour Behaviour { get; set; }

    /// <summary>How long it thinks between taking a message and saying so.</summary>
    public TimeSpan Thinks { get; set; }

    /// <summary>Its port.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The mails that it took, with what their senders said before the message.</summary>
    public IReadOnlyList<(string From, string To, byte[] Message)> Taken
    {
        get { lock (taken) return [.. taken]; }
    }

    /// <summary>How often it has asked for the message.</summary>
    public int MessagesAskedFor => Volatile.Read(ref messagesAskedFor);

    /// <summary>Every command that it was sent.</summary>
    public IReadOnlyList<string> Commands
    {
        get { lock (commands) return [.. commands]; }
    }

    private bool EightBit { get; }

    /// <summary>The mails that it took for an address.</summary>
    public IReadOnlyList<ReceivedMail> To(string address) => [.. Taken.Where(m => m.To == address).Select(m => ReceivedMail.Parse(m.Message))];

    /// <summary>Ends the waiting of conversations that hang.</summary>
    public void LetGo() => letGo.TrySetResult();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        listener.Stop();
        LetGo();
        await accepting;
        await Task.WhenAll(conversations);
        closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) conversations.Add(TalkAsync(await listener.AcceptTcpClientAsync(closing.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var held = client;
        try
        {
            Stream stream = client.GetStream();
            await SayAsync(stream, "220 test ready");
            string from = "", to = "";
            while (await LineAsync(stream) is { } line)
            {
                lock (commands) commands.Add(line);
                switch (line.Split(' ')[0].ToUpperInvariant())
                {
                    case "EHLO":
                        await SayAsync(stream, "250-test\r\n" + (EightBit ? "250-8BITMIME\r\n" : "") + (certificate is not null && stream is not SslStream ? "250-STARTTLS\r\n" : "")
                            + "250 AUTH PLAIN");
                        break;
                    case "STARTTLS" when certificate is not null:
                        await SayAsync(stream, "220 go on");
                        var secure = new SslStream(stream);
                        await secure.AuthenticateAsServerAsync(certificate);
                        stream = secure;
                        break;
                    case var _ when certificate is not null && stream is not SslStream:
                        await SayAsync(stream, "530 STARTTLS first");
                        break;
                    case "AUTH":
                        await SayAsync(stream, "235 welcome");
                        break;
                    case "MAIL":
                        from = Between(line);
                        await SayAsync(stream, "250 ok");
                        break;
                    case "RCPT":
                        to = Between(line);
                        await SayAsync(stream, Behaviour switch { SmtpBehaviour.RefuseForNow => "451 later", SmtpBehaviour.RefuseForGood => "550 nobody here", _ => "250 ok" });
                        break;
                    case "DATA":
                        if (!await TakeAsync(stream, from, to)) return;
                        break;
                    case "QUIT":
                        await SayAsync(stream, "221 bye");
                        return;
                    default:
                        await SayAsync(stream, "500 unknown");
                        break;
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // The sender is gone.
        }
    }

    /// <summary>Takes a message as the test wants it taken; false when the line is cut in the middle.</summary>
    private async Task<bool> TakeAsync(Stream stream, string from, string to)
    {
        if (Behaviour == SmtpBehaviour.HangBeforeMessage) await letGo.Task;
        await SayAsync(stream, "354 go on");
        Interlocked.Increment(ref messagesAskedFor);
        if (Behaviour == SmtpBehaviour.CutOff)
        {
            await LineAsync(stream);
            return false;
        }
        var message = await MessageAsync(stream);
        lock (taken) taken.Add((from, to, message));
        if (Behaviour == SmtpBehaviour.TakeAndHang) await letGo.Task;
        if (Thinks > TimeSpan.Zero) await Task.Delay(Thinks, closing.Token);
        await SayAsync(stream, "250 taken");
        return true;
    }

    private async Task<byte[]> MessageAsync(Stream stream)
    {
        var message = new List<byte>();
        while (await BytesAsync(stream) is { } line)
        {
            if (line is [(byte)'.', (byte)'\r', (byte)'\n']) return [.. message];
            message.AddRange(line[0] == '.' ? line[1..] : line);
        }
        throw new IOException("The message broke off.");
    }

    private async Task<string?> LineAsync(Stream stream) => await BytesAsync(stream) is { } line ? Encoding.ASCII.GetString(line).TrimEnd('\r', '\n') : null;

    private async Task<byte[]?> BytesAsync(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, closing.Token) == 1)
        {
            line.Add(one[0]);
            if (one[0] == '\n') return [.. line];
        }
        return null;
    }

    private async Task SayAsync(Stream stream, string reply) => await stream.WriteAsync(Encoding.ASCII.GetBytes(reply + "\r\n"), closing.Token);

    private static string Between(string line) => line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
}
