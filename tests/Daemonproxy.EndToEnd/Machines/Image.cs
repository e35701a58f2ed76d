using System;
using System.IO;
using Daemonproxy.EndToEnd.Harness;

namespace Daemonproxy.EndToEnd.Machines;

/// <summary>
/// The archives that a machine boots, in memory, made from the programs that tests/machines has built.
/// </summary>
internal static class Image
{
    private const string LeastConfig =
        "service.args\tfirst\t/first\nservice.fds\tfirst\tnull\tstderr\tstderr\nservice.start\tfirst\n";

    /// <summary>The folder of the repository.</summary>
    public static string Root => Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(Binary.Static)))!;

    private static string BuiltDebian => Path.Combine(Root, "out", "init-debian", "disk");

    /// <summary>True if there is all that an architecture needs.</summary>
    public static bool IsBuilt(string architecture) =>
        File.Exists(Built(architecture))
        && File.Exists(Part(architecture, "floor-first"))
        && (architecture != "amd64" || (File.Exists(BuiltDebian) && Directory.Exists(Sysvinit)));

    /// <summary>The image of examples/init.</summary>
    public static string Built(string architecture) => Part(architecture, "image");

    /// <summary>
    /// The same with another config. The kernel unpacks one archive after the other: files of a second one replace
    /// those of the first.
    /// </summary>
    public static string With(Scratch scratch, string architecture, string config) =>
        With(scratch, architecture, [("daemonproxy.conf", config)]);

    /// <summary>The commands of sysvinit, as Debian has them: to be copied into the root directory.</summary>
    public static string Sysvinit => Path.Combine(Root, "out", "machines", "sysvinit");

    /// <summary>The same with other files in /etc.</summary>
    public static string With(Scratch scratch, string architecture, (string Name, string Text)[] files) =>
        With(scratch, architecture, files, "true");

    /// <summary>The same with what commands of the shell make in the root directory.</summary>
    public static string With(
        Scratch scratch, string architecture, (string Name, string Text)[] files, string commands)
    {
        Directory.CreateDirectory(scratch["root/etc"]);
        foreach ((string name, string text) in files)
        {
            scratch.Write($"root/etc/{name}", text);
        }

        return Archive(scratch, $"gzip -1 | cat {Built(architecture)} -", commands);
    }

    /// <summary>A disk with an empty file system, ext4.</summary>
    public static string Disk(Scratch scratch) =>
        MakeDisk(scratch, $"truncate -s 16M {scratch["disk"]} && mkfs.ext4 -q -F {scratch["disk"]}");

    /// <summary>A copy of the disk of examples/init-debian.</summary>
    public static string DebianDisk(Scratch scratch) =>
        MakeDisk(scratch, $"cp --sparse=always {BuiltDebian} {scratch["disk"]}");

    /// <summary>The state of the file system of a disk, as tune2fs(8) tells it.</summary>
    public static string StateOf(Scratch scratch)
    {
        string script = scratch.Script(
            "state.sh",
            $"tune2fs -l {scratch["disk"]} | sed -n 's/^Filesystem state: *//p' >{scratch["state"]}; "
            + $"tune2fs -l {scratch["disk"]} | grep -o needs_recovery >>{scratch["state"]}");
        using ChildProcess reader = new Launch(script).Start();
        _ = reader.AwaitExit();
        return File.ReadAllText(scratch["state"]).Trim();
    }

    /// <summary>
    /// A process 1, the daemon or the bare one of bench/floor, and its first service. Not compressed: to unpack it
    /// takes more memory than it saves.
    /// </summary>
    public static string Least(Scratch scratch, string architecture, bool isBare)
    {
        Directory.CreateDirectory(scratch["root/etc"]);
        scratch.Write("root/etc/daemonproxy.conf", LeastConfig);
        File.Copy(Part(architecture, isBare ? "floor-init" : "root/init"), scratch["root/init"]);
        File.Copy(Part(architecture, "floor-first"), scratch["root/first"]);
        return Archive(scratch, "cat");
    }

    private static string MakeDisk(Scratch scratch, string command)
    {
        using ChildProcess maker = new Launch(scratch.Script("disk.sh", command)).Start();
        return maker.AwaitExit().Status == 0
            ? scratch["disk"]
            : throw new InvalidOperationException("the disk could not be made");
    }

    private static string Part(string architecture, string name) =>
        Path.Combine(Root, "out", "init", architecture, name);

    private static string Archive(Scratch scratch, string filter, string commands = "true")
    {
        string script = scratch.Script(
            "archive.sh",
            $"cd {scratch["root"]} && {commands} && find . | cpio --quiet -o -H newc -R 0:0 | {filter} "
            + $">{scratch["image"]}");
        using ChildProcess archiver = new Launch(script).Start();
        return archiver.AwaitExit().Status == 0
            ? scratch["image"]
            : throw new InvalidOperationException("the image could not be made");
    }
}
