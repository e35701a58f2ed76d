using System;
using System.IO;
using System.Linq;
using System.Threading;
using Daemonproxy.EndToEnd.Harness;

namespace Daemonproxy.EndToEnd.Machines;

/// <summary>
/// A machine emulated by QEMU, with its serial console in the test's hands. What is sent to the console is heard too,
/// since a terminal echoes.
/// </summary>
internal sealed class Machine : Controller, IDisposable
{
    private const int Plenty = 160;
    private const string DiskName = "disk";
    private const string Network = " -nic user,model=virtio-net-pci";

    // Emulated on a busy machine, the kernel takes its time.
    private static readonly TimeSpan BootTime = TimeSpan.FromMinutes(3);

    private readonly Scratch _scratch = new();
    private readonly ChildProcess _process;
    private readonly Fd _input;
    private Fd? _monitor;

    private Machine(Func<Scratch, Launch> prepare, Func<Scratch, string>? options = null)
    {
        (Fd input, _input) = Fd.Pipe();
        (Fd reader, Fd output) = Fd.Pipe();
        Launch launch = prepare(_scratch);
        string more = options?.Invoke(_scratch) ?? string.Empty;
        launch.Variables.Add($"QEMU=-serial stdio -monitor unix:{_scratch["monitor"]},server=on,wait=off{more}");
        launch.Descriptors.Add(0, input);
        launch.Descriptors.Add(1, output);
        launch.Descriptors.Add(2, output);
        _process = launch.Start();
        input.Dispose();
        output.Dispose();
        Output = new LineStream(reader, "the machine's console", BootTime, isTerminal: true);
    }

    public override LineStream Output { get; }

    private static string Examples => Path.Combine(Image.Root, "examples");

    /// <summary>Boots the image of examples/init as it is.</summary>
    public static Machine Boot(string architecture) =>
        new(_ => Example(architecture, Plenty, Image.Built(architecture), string.Empty));

    /// <summary>Boots it with a disk and a network, with other files in /etc, and with words for process 1.</summary>
    public static Machine BootWith(string architecture, string words, params (string Name, string Text)[] files) =>
        BootPrepared(architecture, words, "true", files);

    /// <summary>The same with what commands of the shell make in the root directory.</summary>
    public static Machine BootPrepared(
        string architecture, string words, string commands, params (string Name, string Text)[] files) => new(
        scratch => Example(architecture, Plenty, Image.With(scratch, architecture, files, commands), words),
        scratch => $" -drive file={Image.Disk(scratch)},if=virtio,format=raw,id={DiskName}{Network}");

    /// <summary>Boots it with another config; the console is a controller.</summary>
    public static Machine Boot(string architecture, string config) =>
        new(scratch => Example(architecture, Plenty, Image.With(scratch, architecture, config), "-i"));

    /// <summary>Boots a copy of the disk of examples/init-debian.</summary>
    public static Machine BootDebian() => new(Debian, _ => Network);

    /// <summary>
    /// Boots with nothing but a process 1, the daemon or the bare one of bench/floor, and a first service, which prints
    /// what the kernel's log says about both.
    /// </summary>
    public static Machine BootLeast(string architecture, bool isBare, int megabytes = Plenty) => new(
        scratch => Example(
            architecture,
            megabytes,
            Image.Least(scratch, architecture, isBare),
            isBare ? "/first" : string.Empty));

    public override void SendRaw(string text) => _input.TryWrite(Text.Bytes(text));

    public override void EndInput() => _input.Dispose();

    /// <summary>The next line with this in it.</summary>
    public string AwaitText(string text) => Output.Await(line => line.Contains(text, StringComparison.Ordinal), text);

    /// <summary>
    /// True if this text appears; false when the kernel panics, stops, or QEMU ends before.
    /// </summary>
    public bool TryAwaitText(string text)
    {
        Patience patience = new(BootTime);
        while (patience.Left > TimeSpan.Zero && !_process.HasEnded)
        {
            if (Heard.Contains(text, StringComparison.Ordinal))
            {
                return true;
            }

            Thread.Sleep(20);
        }

        return false;
    }

    /// <summary>Presses keys, as QEMU's monitor names them.</summary>
    public void Press(string keys) => Order($"sendkey {keys}");

    /// <summary>Presses the power button.</summary>
    public void PressPower() => Order("system_powerdown");

    /// <summary>From now on the disk answers to one byte in a second: for the machine, to none.</summary>
    public void StopDisk() => Order($"block_set_io_throttle {DiskName} 1 0 0 0 0 0");

    /// <summary>The state of the file system of its disk, once it is off.</summary>
    public string DiskState => Image.StateOf(_scratch);

    /// <summary>Waits until the machine is off, or would start again; what it said.</summary>
    public string AwaitOff()
    {
        _ = Output.AwaitEnd();
        Assert(_process.AwaitExit().Status == 0, "QEMU ends well");
        Assert(!Heard.Contains("Kernel panic", StringComparison.Ordinal), "the kernel does not panic");
        return Heard;
    }

    /// <summary>The same, for what takes longer than anything else does.</summary>
    public void AwaitOffWithin(TimeSpan patience) =>
        Assert(_process.AwaitExit(patience).Status == 0, "QEMU ends well");

    public void Dispose()
    {
        _process.Dispose();
        _input.Dispose();
        _monitor?.Dispose();
        Output.Dispose();
        _scratch.Dispose();
    }

    private void Order(string command)
    {
        if (_monitor is null)
        {
            string path = _scratch["monitor"];
            Patience.Until(() => (_monitor = UnixSocket.TryConnect(path, out _)) is not null, "there is a monitor");
        }

        _monitor!.TryWrite(Text.Bytes($"{command}\n"));
    }

    private static Launch Example(string architecture, int megabytes, string image, string words)
    {
        Launch launch = new("/bin/sh", Path.Combine(Examples, "init", "boot.sh"), architecture);
        launch.Command.AddRange(words.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        launch.Variables.Add($"MEMORY={megabytes}M");
        launch.Variables.Add($"IMAGE={image}");
        return launch;
    }

    private static Launch Debian(Scratch scratch)
    {
        Launch launch = new("/bin/sh", Path.Combine(Examples, "init-debian", "boot.sh"));
        launch.Variables.Add($"DISK={Image.DebianDisk(scratch)}");
        return launch;
    }

    private void Assert(bool isSo, string what)
    {
        if (!isSo)
        {
            throw new TestFailure($"{what}: not so", string.Join('\n', Heard.Split('\n').TakeLast(40)));
        }
    }
}
