using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Archive.Benchmarks;

/// <summary>A plain WebDAV folder: nginx that takes PUT, on a port and in a folder of its own.</summary>
internal sealed class WebDavFolder : IAsyncDisposable
{
    private readonly Process nginx;

    private WebDavFolder(Process nginx, Uri address, string files) => (this.nginx, Address, Files) = (nginx, address, files);

    /// <summary>Where it listens; ends in a slash.</summary>
    public Uri Address { get; }

    /// <summary>Where it stores.</summary>
    public string Files { get; }

    /// <summary>Starts it and returns when it answers.</summary>
    public static async Task<WebDavFolder> StartAsync(string folder, CancellationToken ct)
    {
        var (port, files) = (Commands.FreePort(), Path.Combine(folder, "files"));
        Directory.CreateDirectory(files);
        Directory.CreateDirectory(Path.Combine(folder, "temporary"));
        var configuration = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(configuration, Configuration(folder, port), ct);
        var server = Process.Start(new ProcessStartInfo("nginx", ["-c", configuration, "-p", folder, "-e", Path.Combine(folder, "error.log")]) { UseShellExecute = false })!;
        for (var clock = Stopwatch.StartNew(); ;)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync("127.0.0.1", port, ct);
                return new WebDavFolder(server, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")), files);
            }
            catch (SocketException) when (!server.HasExited && clock.Elapsed < TimeSpan.FromSeconds(20))
            {
                await Task.Delay(20, ct);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!nginx.HasExited) _ = Signal(nginx.Id, 15);
        await nginx.WaitForExitAsync();
        nginx.Dispose();
    }

    // Bodies go to a file on the same volume and are renamed, as the module does by itself; workers run as whoever started it.
    private static string Configuration(string folder, int port) => string.Create(CultureInfo.InvariantCulture, $$"""
        {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
        daemon off;
        pid {{folder}}/nginx.pid;
        error_log {{folder}}/error.log;
        worker_processes 2;
        events { }
        http {
            access_log off;
            client_max_body_size 0;
            client_body_temp_path {{folder}}/temporary;
            proxy_temp_path {{folder}}/proxy;
            fastcgi_temp_path {{folder}}/fastcgi;
            uwsgi_temp_path {{folder}}/uwsgi;
            scgi_temp_path {{folder}}/scgi;
            server {
                listen 127.0.0.1:{{port}};
                location / { root {{folder}}/files; dav_methods PUT; create_full_put_path on; }
            }
        }
        """);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int id, int signal);
}
