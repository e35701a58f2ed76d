using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading.Tasks;
using Daemonproxy.EndToEnd.Harness;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Examples;

/// <summary>The example that supervises nginx, its log going through a pipe to a logger.</summary>
public class NginxTests
{

    [NginxFact]
    public async Task EveryRequestIsLoggedThoughWorkersAndLoggersDie()
    {
        const int Requests = 40;
        using Scratch scratch = new();
        string folder = ExampleFolder.Copy("nginx", scratch["."]);
        string log = Path.Combine(folder, "var", "access.log");
        int port = FreePort();
        string conf = Path.Combine(folder, "nginx.conf");
        File.WriteAllText(conf, File.ReadAllText(conf).Replace("8087", $"{port}", StringComparison.Ordinal));
        Launch launch = new(Binary.Path, "-c", "nginx.daemonproxy.conf") { Directory = folder, HasOwnSession = true };
        using Daemon daemon = Daemon.Start(launch);
        using HttpClient client = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        Patience.Until(() => Answers(client), "nginx answers");
        for (int request = 0; request < Requests; request++)
        {
            if (request == Requests / 4)
            {
                _ = kill(Find(daemon, "logger.sh"), SIGTERM);
            }

            if (request == Requests / 2)
            {
                // A worker answers before it logs: killed in between, it would take the last line with it.
                string last = $"/request-{request - 1} ";
                Patience.Until(() => File.ReadAllText(log).Contains(last, StringComparison.Ordinal), "that is logged");
                KillServer(daemon, client);
            }

            string text = await client.GetStringAsync($"request-{request}");
            Assert.StartsWith("served by process ", text, StringComparison.Ordinal);
        }

        daemon.Signal(SIGTERM);
        Assert.Equal(new ExitStatus(0), daemon.AwaitExit());
        Assert.Equal(
            Enumerable.Range(0, Requests).Select(request => $"/request-{request}"),
            File.ReadLines(log)
                .Where(line => line.Contains("/request-", StringComparison.Ordinal))
                .Select(line => line.Split(' ')[8]));
    }

    // The master, with its worker behind it; auto_up starts another.
    private static void KillServer(Daemon daemon, HttpClient client)
    {
        int master = Find(daemon, "nginx.conf");
        int[] workers = Proc.Children(master);
        _ = kill(master, SIGKILL);
        foreach (int worker in workers)
        {
            _ = kill(worker, SIGKILL);
        }

        Patience.Until(() => !Proc.IsAlive(master) && Answers(client), "nginx answers again");
    }

    // The service whose command line has this word.
    private static int Find(Daemon daemon, string word) => Proc.Children(daemon.Pid)
        .First(pid => File.ReadAllText($"/proc/{pid}/cmdline").Contains(word, StringComparison.Ordinal)
            || File.ReadAllText($"/proc/{pid}/cmdline").StartsWith("nginx: master", StringComparison.Ordinal)
            && word == "nginx.conf");

    private static bool Answers(HttpClient client)
    {
        try
        {
            return client.GetAsync("hello").Result.IsSuccessStatusCode;
        }
        catch (AggregateException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>A test that needs nginx; skipped where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NginxFactAttribute : FactAttribute
{
    public NginxFactAttribute() => Skip = File.Exists("/usr/sbin/nginx") ? null! : "nginx is not installed";
}
