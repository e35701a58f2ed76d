using System;
using System.IO;
using System.Linq;
using System.Threading;
using Daemonproxy.EndToEnd.Harness;

namespace Daemonproxy.EndToEnd.Machines;

/// <summary>
/// A machine emulated by QEMU that boots the image of examples/init, with its serial console in the test's hands. What
/// is sent to the console is heard too, since a terminal echoes.
/// </summary>
internal sealed class Machine : Controller, IDisposable
{
    // Emulated on a busy machine, the kernel takes its time.
    private static readonly TimeSpan BootTime = TimeSpan.FromMinutes(1);

    private readonly Scratch _scratch = new();
    private readonly ChildProcess _process;
    private readonly Fd _input;
    private Fd? _monitor;

    private Machine(string architecture, int megabytes, string? config, string words)
    {
        (Fd input, _input) = Fd.Pipe();
        (Fd reader, Fd output) = Fd.Pipe();
        Launch launch = new("/bin/sh", Path.Combine(Examples, "boot.sh"), architecture);
        launch.Command.AddRange(words.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        launch.Variables.Add($"MEMORY={megabytes}M");
        launch.Variables.Add($"QEMU=-serial stdio -monitor unix:{_scratch["monitor"]},server=on,wait=off");
        launch.Variables.Add($"IMAGE={Image(architecture, config)}");
        launch.Descriptors.Add(0, input);
        launch.Descriptors.Add(1, output);
        launch.Descriptors.Add(2, output);
        _process = launch.Start();
        input.Dispose();
        output.Dispose();
        Output = new LineStream(reader, "the machine's console", BootTime, isTerminal: true);
    }

    /// <summary>The folder of the example.</summary>
    public static string Examples => Path.Combine(Root, "examples", "init");

    public override LineStream Output { get; }

    private static string Root => Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(Binary.Static)))!;

    /// <summary>Whether the kernel and the image of an architecture were built, see tests/machines.</summary>
    public static bool IsBuilt(string architecture) => File.Exists(BuiltImage(architecture));

    /// <summary>Boots the image as it is.</summary>
    public static Machine Boot(string architecture, int megabytes = 160) => new(architecture, megabytes, null, "");

    /// <summary>
    /// Boots with another config, with these words for process 1; with <c>-i</c> the console is a controller.
    /// </summary>
    public static Machine Boot(string architecture, string config, string words = "-i", int megabytes = 160) =>
        new(architecture, megabytes, config, words);

    public override void SendRaw(string text) => _input.TryWrite(Text.Bytes(text));

    public override void EndInput() => _input.Dispose();

    /// <summary>The next line with this in it.</summary>
    public string AwaitText(string text) => Output.Await(line => line.Contains(text, StringComparison.Ordinal), text);

    /// <summary>
    /// Whether process 1 comes as far as saying who it is; false when the kernel panics, stops, or QEMU ends before.
    /// </summary>
    public bool TryAwaitGreeting()
    {
        Patience patience = new(TimeSpan.FromSeconds(40));
        while (patience.Left > TimeSpan.Zero && !_process.HasEnded)
        {
            if (Heard.Contains("info\tdaemonproxy version", StringComparison.Ordinal))
            {
                return true;
            }

            Thread.Sleep(20);
        }

        return false;
    }

    /// <summary>Presses keys, as QEMU's monitor names them.</summary>
    public void Press(string keys)
    {
        if (_monitor is null)
        {
            Patience.Until(() => (_monitor = UnixSocket.TryConnect(_scratch["monitor"], out _)) is not null, "a monitor");
        }

        _monitor!.TryWrite(Text.Bytes($"sendkey {keys}\n"));
    }

    /// <summary>Waits until the machine is off, or would start again; what it said.</summary>
    public string AwaitOff()
    {
        _ = Output.AwaitEnd();
        Assert(_process.AwaitExit().Status == 0, "QEMU ends well");
        Assert(!Heard.Contains("Kernel panic", StringComparison.Ordinal), "the kernel does not panic");
        return Heard;
    }

    public void Dispose()
    {
        _process.Dispose();
        _input.Dispose();
        _monitor?.Dispose();
        Output.Dispose();
        _scratch.Dispose();
    }

    private static string BuiltImage(string architecture) => Path.Combine(Root, "out", "init", architecture, "image");

    private void Assert(bool isSo, string what)
    {
        if (!isSo)
        {
            throw new TestFailure($"{what}: not so", string.Join('\n', Heard.Split('\n').TakeLast(40)));
        }
    }

    // The kernel unpacks one archive after the other: files of a second one replace those of the first.
    private string Image(string architecture, string? config)
    {
        if (config is null)
        {
            return BuiltImage(architecture);
        }

        _scratch.Write("archive.sh", "cd \"$1\" && find . | cpio --quiet -o -H newc | gzip -1 | cat \"$2\" - >\"$3\"\n");
        Directory.CreateDirectory(_scratch["root/etc"]);
        _scratch.Write("root/etc/daemonproxy.conf", config);
        using ChildProcess archiver = new Launch(
            "/bin/sh", _scratch["archive.sh"], _scratch["root"], BuiltImage(architecture), _scratch["image"]).Start();
        Assert(archiver.AwaitExit().Status == 0, "the image is made");
        return _scratch["image"];
    }
}
