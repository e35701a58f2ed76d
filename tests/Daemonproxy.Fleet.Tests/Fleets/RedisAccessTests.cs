using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Daemonproxy.Client.Tests.Harness;
using Daemonproxy.Fleet.Tests.Harness;
using Daemonproxy.Jobs;
using Xunit;
using static Daemonproxy.Fleet.Tests.Harness.TestFleet;

namespace Daemonproxy.Fleet.Tests.Fleets;

/// <summary>TLS, passwords, and users that may do what they need and nothing else.</summary>
public sealed class RedisAccessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("daemonproxy-access-").FullName;

    [Fact]
    public async Task TlsWithAnAuthorityAndACertificateOfTheClient()
    {
        using var certificates = new TestCertificates();
        using var others = new TestCertificates();
        string port = FreePorts(1)[0];
        await using TestRedis redis = await TestRedis.StartAsync(
            "--tls-port", port, "--tls-cert-file", certificates.Server, "--tls-key-file", certificates.Server,
            "--tls-ca-cert-file", certificates.Authority);
        string place = $"localhost:{port}";
        await using TestMachine machine = await TestMachine.StartAsync(
            "a0", place, "--redis-tls", "--redis-ca-file", certificates.Authority, "--redis-cert-file",
            certificates.Client);
        await using FleetClient jobs = Connect(place, certificates.Authority, certificates.Client);
        await jobs.StartAsync(Shell("echo hello", "one"));
        Assert.Equal(JobStatus.Succeeded, (await jobs.WaitAsync("one", Patience.Token)).Status);

        await using FleetClient distrusting = Connect(place, others.Authority, certificates.Client);
        JobsException untrusted = await Assert.ThrowsAsync<JobsException>(() => distrusting.FindAsync("one"));
        Assert.Equal(JobsFault.Storage, untrusted.Fault);
        Assert.Contains("certificate", untrusted.Message, StringComparison.Ordinal);
        await using FleetClient unknown = Connect(place, certificates.Authority, "");
        await Assert.ThrowsAsync<JobsException>(() => unknown.FindAsync("one"));
        await using FleetClient unreadable = Connect(place, "/nowhere/authority.pem", "");
        JobsException missing = await Assert.ThrowsAsync<JobsException>(() => unreadable.FindAsync("one"));
        Assert.StartsWith(
            "The certificates for Redis cannot be read: ", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AWrongPasswordIsSaid()
    {
        await using TestRedis redis = await TestRedis.StartAsync();
        await redis.CallAsync("ACL", "SETUSER", "app", "on", ">right", "~*", "&*", "+@all");
        await redis.CallAsync("ACL", "SETUSER", "default", "off");
        await using var jobs = new FleetClient(Options(redis, "app", "wrong"));
        JobsException refused = await Assert.ThrowsAsync<JobsException>(() => jobs.FindAsync("one"));
        Assert.Contains("(NOAUTH Authentication required", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UsersWithTheRightsOfTheManualAreEnough()
    {
        await using TestRedis redis = await TestRedis.StartAsync();
        string[][] users = [.. await UsersOfTheManualAsync()];
        Assert.Equal(["fleet-agent", "fleet-application"], users.Select(static user => user[2]));
        foreach (string[] user in users)
        {
            Assert.Equal("OK", await redis.CallAsync(user));
        }

        await redis.CallAsync("ACL", "SETUSER", "default", "-@all", "+acl|log", "+info", "+config|resetstat");
        await redis.CallAsync("CONFIG", "RESETSTAT");
        FleetOptions options = Options(redis, "fleet-agent", "PASSWORD");
        await using TestMachine machine = await TestMachine.StartAsync(
            "a0", redis.Socket, "--lease", "1.5", "--redis-user", "fleet-agent", "--redis-password-file",
            options.PasswordFile);
        await using var jobs = new FleetClient(Options(redis, "fleet-application", "PASSWORD"));
        await UseAllAsync(jobs, machine);
        await LoseAsync(redis, jobs, machine, options.PasswordFile);
        machine.Agent.Signal("USR1");
        Assert.True(await machine.Agent.HasEndedAsync());

        // Whatever the client of Redis asks beside the commands of the fleet, it does without.
        string[] refused = [.. (await redis.CallAsync("ACL", "LOG")).Split('\n')];
        Assert.DoesNotContain(refused, static line => line is "lua" or "key" or "channel");
        HashSet<string> used = [.. (await redis.CallAsync("INFO", "commandstats")).Split('\n')
            .Where(static line => line.StartsWith("cmdstat_", StringComparison.Ordinal)
                && !line.Contains(":calls=0,", StringComparison.Ordinal))
            .Select(static line => line["cmdstat_".Length..line.IndexOf(':', StringComparison.Ordinal)])];
        string[] given = [.. users.SelectMany(static user => user)
            .Where(static word => word.StartsWith('+') && !word.Contains('@', StringComparison.Ordinal))
            .Select(static word => word[1..]).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal("", string.Join(' ', given.Where(command => !used.Contains(command))));

        // An application is no machine.
        await using var forger = new FleetClient(Options(redis, "fleet-application", "PASSWORD"));
        Assert.Null(await forger.FindAsync("nothing"));
        string answer = await redis.CallAsync(
            "--user", "fleet-application", "--pass", "PASSWORD", "--no-auth-warning", "ZADD", $"{Prefix}:agents", "1",
            "x");
        Assert.StartsWith("NOPERM", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClusterHasAFleetOnOneOfItsNodes()
    {
        string[] ports = FreePorts(3);
        TestRedis[] nodes = await Task.WhenAll(ports.Select(static port => TestRedis.StartAsync(
            "--port", port, "--bind", "127.0.0.1", "--cluster-enabled", "yes")));
        string[] places = [.. ports.Select(static port => $"127.0.0.1:{port}")];
        string made = await nodes[0].CallAsync(["--cluster", "create", .. places, "--cluster-yes"]);
        Assert.Contains("All 16384 slots covered", made, StringComparison.Ordinal);
        foreach (TestRedis node in nodes)
        {
            while (!(await node.CallAsync("CLUSTER", "INFO")).Contains("cluster_state:ok", StringComparison.Ordinal))
            {
                await Task.Delay(50, Patience.Token);
            }
        }

        // Whichever node they ask first, they find the one that has the slot.
        await using (TestMachine machine = await TestMachine.StartAsync("a0", places[0], "--lease", "1.5"))
        {
            foreach (string place in places)
            {
                await using var jobs = new FleetClient(new FleetOptions { Redis = place });
                string name = $"by-{place[^5..].Replace(':', '-')}";
                await jobs.StartAsync(Shell("echo hello", name));
                Assert.Equal(JobStatus.Succeeded, (await jobs.WaitAsync(name, Patience.Token)).Status);
                await jobs.StartAsync(Shell("sleep 60", "long"));
                await UntilRunningAsync(jobs, "long");
                await jobs.StopAsync("long", TimeSpan.Zero);
                Assert.Equal(JobStatus.Stopped, (await jobs.WaitAsync("long", Patience.Token)).Status);
                await jobs.ForgetAsync("long");
                Assert.Equal("a0", (await jobs.GetStatusAsync()).Machines.Single().Name);
            }

            Assert.Equal(2, (await Task.WhenAll(nodes.Select(static node => node.CallAsync("DBSIZE"))))
                .Count(static size => size == "0"));
        }

        await Task.WhenAll(nodes.Select(static node => node.DisposeAsync().AsTask()));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<IEnumerable<string[]>> UsersOfTheManualAsync()
    {
        string text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "FLEET.md"));
        return text.Split("\n\n")
            .Where(static part => part.StartsWith("    ACL SETUSER ", StringComparison.Ordinal))
            .Select(static part => part.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
    }

    // Everything that an application and an agent can do, but for losing a machine.
    private static async Task UseAllAsync(FleetClient jobs, TestMachine machine)
    {
        await jobs.StartAsync(new JobRequest("/bin/sh", "-c", "cat; exit 1")
        {
            Name = "one",
            Input = new MemoryStream("in\n"u8.ToArray()),
            Retries = new JobRetries(1) { FirstDelay = TimeSpan.FromMilliseconds(10) },
        });
        _ = await jobs.GetRequestAsync("one");
        Assert.Equal(JobStatus.Failed, (await jobs.WaitAsync("one", Patience.Token)).Status);
        using (var output = new StreamReader(await jobs.OpenOutputAsync("one")))
        {
            Assert.Equal("in\nin\n", await output.ReadToEndAsync());
        }

        await jobs.StartAsync(new JobRequest("sleep", "60") { Name = "two" });
        var tomorrow = new FleetPlace { NotBefore = DateTimeOffset.UtcNow.AddDays(1) };
        await jobs.StartAsync(new JobRequest("true") { Name = "three" }, tomorrow);
        await UntilRunningAsync(jobs, "two");
        await machine.KillAgentAsync();
        await machine.StartAgentAsync();
        await jobs.StopAsync("two", TimeSpan.Zero);
        await jobs.StopAsync("three");
        Assert.Equal(JobStatus.Stopped, (await jobs.WaitAsync("two", Patience.Token)).Status);
        await jobs.StartAsync(new JobRequest("true") { Name = "four", KeepFor = TimeSpan.Zero });
        while (await jobs.FindAsync("four") is not null)
        {
            await Task.Delay(20, Patience.Token);
        }

        await jobs.StartAsync(new JobRequest("true") { Name = "queued", Queue = "nobody" });
        FleetStatus status = await jobs.GetStatusAsync();
        Assert.Equal(("a0", 1), (status.Machines.Single().Name, status.Queues.Count(static one => one.Waiting > 0)));
        await jobs.StopAsync("queued");
        Assert.Equal(4, (await jobs.ListAsync()).Jobs.Count);
        await jobs.ForgetAsync("one");
    }

    // A machine that is lost with a job, and a job that Redis loses.
    private static async Task LoseAsync(TestRedis redis, FleetClient jobs, TestMachine machine, string password)
    {
        await using (TestMachine other = await TestMachine.StartAsync(
            "b0", redis.Socket, "--lease", "1", "--queue", "b", "--redis-user", "fleet-agent",
            "--redis-password-file", password))
        {
            await jobs.StartAsync(new JobRequest("sleep", "60") { Name = "lost", Queue = "b" });
            await UntilRunningAsync(jobs, "lost");
        }

        while ((await jobs.GetAsync("lost")).Status != JobStatus.Queued)
        {
            await Task.Delay(20, Patience.Token);
        }

        // It prints all the time, so that its machine asks whose it is when there is no record any more.
        await jobs.StartAsync(Shell("for i in $(seq 60); do echo $i; sleep 0.1; done", "gone"));
        await UntilRunningAsync(jobs, "gone");
        await redis.CallAsync(
            "--user", "fleet-application", "--pass", "PASSWORD", "--no-auth-warning", "DEL", $"{Prefix}:job:gone");
        while ((await machine.ServicesAsync()).Count > 0)
        {
            await Task.Delay(50, Patience.Token);
        }
    }

    private static async Task UntilRunningAsync(FleetClient jobs, string name)
    {
        while ((await jobs.GetAsync(name)).Status != JobStatus.Running)
        {
            await Task.Delay(20, Patience.Token);
        }
    }

    private static FleetClient Connect(string place, string authority, string certificate) => new(new FleetOptions
    {
        Redis = place,
        Tls = true,
        AuthorityFile = authority,
        CertificateFile = certificate,
        Patience = TimeSpan.FromSeconds(3),
    });

    // Different ones. The nodes of a cluster have a second one each, which is larger by 10,000.
    private static string[] FreePorts(int count)
    {
        List<TcpListener> listeners = [];
        List<int> ports = [];
        while (ports.Count < count)
        {
            var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            listeners.Add(listener);
            if (((IPEndPoint)listener.LocalEndpoint).Port is < 55_000 and var port)
            {
                ports.Add(port);
            }
        }

        listeners.ForEach(static listener => listener.Dispose());
        return [.. ports.Select(static port => port.ToString(CultureInfo.InvariantCulture))];
    }

    private FleetOptions Options(TestRedis redis, string user, string password)
    {
        string file = Path.Combine(_folder, $"{user}.password");
        File.WriteAllText(file, $"{password}\n");
        return new FleetOptions
        {
            Redis = redis.Socket,
            User = user,
            PasswordFile = file,
            Patience = TimeSpan.FromSeconds(3),
        };
    }
}
