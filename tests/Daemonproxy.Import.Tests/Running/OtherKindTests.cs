using System;
using System.IO;
using System.Net.Sockets;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Client.Tests.Harness;
using Daemonproxy.Import.Tests.Harness;
using Daemonproxy.Manager.Tags;
using Xunit;

namespace Daemonproxy.Import.Tests.Running;

/// <summary>Services imported from files of one kind run as they do under their own system.</summary>
public sealed class OtherKindTests
{
    [Fact]
    public async Task ProgramsOfSupervisordRunWithTheirNumbersTheirOutputAndTheirStops()
    {
        await using var machine = new Machine();
        string file = Path.Combine(machine.Folder, "supervisord.conf");
        await File.WriteAllTextAsync(file, """
            [program:app]
            command=sh -c 'trap "echo ended; exit" INT; echo "%(process_num)d $WORDS $PWD"; while :; do sleep .1; done'
            numprocs=2
            process_name=%(program_name)s_%(process_num)02d
            environment=WORDS="hello, world"
            directory=%(here)s
            stdout_logfile=%(here)s/%(process_num)d.log
            stopsignal=INT
            priority=20
            [program:first]
            command=sh -c 'exit 2'
            exitcodes=0,2
            priority=10
            [program:bad]
            command=sh -c 'exit 1'
            startretries=2
            """);
        await machine.ManageAsync(Samples.Import("supervisord", file).Text);
        await machine.FileAsync("0.log", $"0 hello, world {machine.Folder}\n");
        await machine.FileAsync("1.log", $"1 hello, world {machine.Folder}\n");
        await machine.RunAsync("stop", "app_00");
        await machine.FileAsync("0.log", "ended\n");
        Assert.Equal(2, (await machine.UntilAsync("first", static info => info.ExitCode is not null)).ExitCode);
        await machine.UntilAsync("bad", static info => ManagerTag.Find(info.Tags) is { HasGivenUp: true, Tries: 2 });
    }

    [Fact]
    public async Task AProcfileRunsInItsDirectoryWithAPort()
    {
        await using var machine = new Machine();
        string file = Path.Combine(machine.Folder, "Procfile");
        await File.WriteAllTextAsync(file, """
            web: echo "$PORT $WORD $(pwd)" > web.out && exec sleep 1000
            worker: echo "$PORT" > worker.out && sleep 1000
            """);
        await File.WriteAllTextAsync(Path.Combine(machine.Folder, ".env"), "WORD=\"two words\"\n");
        await machine.ManageAsync(Samples.Import("procfile", file).Text);
        await machine.FileAsync("web.out", $"5000 two words {machine.Folder}\n");
        await machine.FileAsync("worker.out", "5100\n");
    }

    [Fact]
    public async Task ServicesOfAComposeFileStartInTheirOrder()
    {
        await using var machine = new Machine();
        string file = Path.Combine(machine.Folder, "compose.yaml");
        await File.WriteAllTextAsync(file, """
            x-all: &all { working_dir: FOLDER, restart: "no" }
            services:
              web:
                <<: *all
                command: ["sh", "-c", "echo web >> order; exec sleep 1000"]
                depends_on:
                  db: { condition: service_healthy }
                  migrate: { condition: service_completed_successfully }
              db:
                <<: *all
                command: ["sh", "-c", "echo db >> order; exec sleep 1000"]
                healthcheck: { test: "until [ -s order ]; do sleep 0.01; done; echo check >> order", interval: 1h }
              migrate:
                <<: *all
                environment: { TIER: gold }
                command:
                  - sh
                  - -c
                  - |
                    echo "tab<TAB>'$$TIER'" > text
                    echo migrate >> order
                depends_on:
                  db: { condition: service_healthy }
            """.Replace("FOLDER", machine.Folder, StringComparison.Ordinal)
            .Replace("<TAB>", "\t", StringComparison.Ordinal));
        await machine.ManageAsync(Samples.Import("compose", file).Text);
        Assert.Equal("db\ncheck\nmigrate\nweb\n", await machine.FileAsync("order", "web\n"));
        Assert.Equal("tab\t'gold'\n", await machine.FileAsync("text", "\n"));
    }

    [Fact]
    public async Task UnitsRunWithTheirOrderTheirDirectoriesAndTheirSockets()
    {
        await using var machine = new Machine();
        string units = Path.Combine(machine.Folder, "units");
        Directory.CreateDirectory(units);
        await UnitAsync(units, "echo.service", """
            [Unit]
            Requires=setup.service
            After=setup.service
            [Service]
            ExecStart=/bin/sh -c 'echo "$$LISTEN_FDS $$LISTEN_FDNAMES ${A} $$0 $$1" > FOLDER/echo; exec sleep 99' me $B
            Environment=A=one
            EnvironmentFile=FOLDER/variables
            ExecStopPost=/bin/sh -c 'echo post $$EXIT_SIGNAL > FOLDER/post'
            UMask=027
            """);
        await UnitAsync(units, "echo.socket", """
            [Socket]
            ListenStream=FOLDER/echo.sock
            [Install]
            WantedBy=sockets.target
            """);
        await UnitAsync(units, "setup.service", """
            [Service]
            Type=oneshot
            RemainAfterExit=yes
            ExecStart=/bin/sh -c 'echo first >> FOLDER/setup'
            ExecStart=-/bin/false
            ExecStart=/bin/sh -c 'echo second >> FOLDER/setup'
            """);
        await File.WriteAllTextAsync(Path.Combine(machine.Folder, "variables"), "B=two\nA=more\n");
        await machine.ManageAsync(Samples.Import("systemd", units).Text);
        await machine.FileAsync("setup", "first\nsecond\n");
        await machine.UntilAsync("echo", static info => info.AutoUpTriggers.Count > 0);
        using (var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            string socket = Path.Combine(machine.Folder, "echo.sock");
            await client.ConnectAsync(new UnixDomainSocketEndPoint(socket), Patience.Token);
            await machine.FileAsync("echo", "1 echo.socket more me two\n");
        }

        await machine.UntilUpAsync("echo");
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
            File.GetUnixFileMode(Path.Combine(machine.Folder, "echo")));
        await machine.RunAsync("stop", "echo");
        await machine.FileAsync("post", "post SIGTERM\n");
    }

    private static Task UnitAsync(string folder, string name, string text) => File.WriteAllTextAsync(
        Path.Combine(folder, name),
        text.Replace("FOLDER", Path.GetDirectoryName(folder), StringComparison.Ordinal));
}
