using System.IO;
using System.Threading.Tasks;
using Daemonproxy.Control.Tests.Harness;
using VerifyXunit;
using Xunit;

namespace Daemonproxy.Control.Tests.Verbs;

/// <summary>The output of import, and its exit codes.</summary>
public sealed class ImportTests
{
    private const string Program = """
        [program:web]
        command=gunicorn app:app
        stopsignal=INT
        stopwaitsecs=20
        startsecs=60
        autostart=true
        autorestart=unexpected

        stdout_logfile_maxbytes=10MB
        stdout_logfile=AUTO
        events=TICK_60

        """;

    [Fact]
    public async Task AnImportIsPrintedWithWhatItIsNot()
    {
        string folder = Directory.CreateTempSubdirectory("dpctl-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "web.conf"), Program);
        await File.WriteAllTextAsync(Path.Combine(folder, "Procfile"), "web: sleep 1000\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "bad.conf"), "[program:web]\ncommand\n");
        string shown = "";
        foreach (string[] line in (string[][])
            [
                ["supervisord", "web.conf"], ["--strict", "supervisord", "web.conf"], ["procfile", "Procfile"],
                ["supervisord", "bad.conf"], ["systemd", "gone.service"], ["superviserd", "web.conf"], ["systemd"],
            ])
        {
            Dpctl result = await Dpctl.RunAsync(folder, [], ["import", .. line]);
            shown += $"$ dpctl import {string.Join(' ', line)}\n{result.Shown()}";
        }

        Dpctl printed = await Dpctl.RunAsync(folder, [], ["import", "supervisord", "web.conf"]);
        await File.WriteAllTextAsync(Path.Combine(folder, "services.toml"), printed.Out);
        Dpctl check = await Dpctl.RunAsync(folder, [], ["check", "services.toml"]);
        Assert.Equal(0, check.ExitCode);
        shown = shown.Replace(folder, "FOLDER", System.StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
        await Verifier.Verify(shown);
    }
}
