using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using Daemonproxy.EndToEnd.Harness;
using Tmds.Linux;
using Xunit;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Sockets;

/// <summary>Files that are made with <c>mode=</c> and <c>owner=</c>.</summary>
public class FileRightsTests
{
    private static readonly uint _daemonUser = NumberOf("/etc/passwd", "daemon", 2);
    private static readonly uint _daemonGroup = NumberOf("/etc/passwd", "daemon", 3);
    private static readonly uint _mailGroup = NumberOf("/etc/group", "mail", 2);

    [Theory]
    [InlineData("0660", 0x1B0)]
    [InlineData("0777", 0x1FF)]
    [InlineData("0000", 0)]
    public void ASocketAndAFileHaveTheModeThatIsAskedForWhateverTheUmask(string mode, int expected)
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive(new Launch(Binary.Path, "-i").After("umask 0177"));
        Assert.Equal(
            [
                $"fd.state⇥s⇥socket⇥unix,stream,bind,listen=32,mode={mode}⇥{scratch["s"]}",
                $"fd.state⇥f⇥file⇥write,create,mode={mode}⇥{scratch["f"]}",
            ],
            daemon.Ask(
                $"fd.socket⇥s⇥listen,mode={mode}⇥{scratch["s"]}",
                $"fd.open⇥f⇥write,create,mode={mode}⇥{scratch["f"]}"));
        Assert.Equal(expected, (int)Status(scratch["s"]).Mode);
        Assert.Equal(expected, (int)Status(scratch["f"]).Mode);
    }

    [RootFact]
    public void AnOwnerIsFoundByNamesAndNumbersAsChownFindsIt()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        (string Owner, uint User, uint Group)[] owners =
        [
            ("daemon", _daemonUser, 0), ("daemon:", _daemonUser, _daemonGroup), (":mail", 0, _mailGroup),
            ("daemon:mail", _daemonUser, _mailGroup), ("12345", 12345, 0), ("12345:mail", 12345, _mailGroup),
            ($"{_daemonUser}:", _daemonUser, _daemonGroup), ("12345:54321", 12345, 54321),
        ];
        foreach ((string owner, uint user, uint group) in owners)
        {
            daemon.Ask($"fd.socket⇥s⇥listen,mode=0666,owner={owner}⇥{scratch["s"]}");
            Assert.Equal((0x1B6u, user, group), Status(scratch["s"]));
            daemon.Ask($"fd.open⇥f⇥create,mode=0640,owner={owner}⇥{scratch["f"]}");
            Assert.Equal((0x1A0u, user, group), Status(scratch["f"]));
            File.Delete(scratch["f"]);
        }

        Assert.Equal(["s"], Directory.GetFiles(Path.GetDirectoryName(scratch["s"])!).Select(Path.GetFileName));
        foreach (string unknown in (string[])["nobody-at-all", "daemon:nobody-at-all", "12345:"])
        {
            Assert.StartsWith(
                "error⇥no such user or group",
                Assert.Single(daemon.Ask($"fd.socket⇥s⇥listen,owner={unknown}⇥{scratch["s"]}")),
                StringComparison.Ordinal);
        }

        Assert.Equal((0x1B6u, 12345u, 54321u), Status(scratch["s"]));
    }

    [RootFact]
    public void NobodyCanConnectBeforeAFileHasItsOwnerAndItsMode()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive();
        string[] paths = [scratch["s"], scratch["d"]];
        bool isOver = false;
        string? wrong = null;
        Thread watcher = new(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                foreach (string path in paths)
                {
                    (uint Mode, uint User, uint Group) found = Status(path);
                    bool isRight = found.Mode == 0 || found == (0x1B0u, _daemonUser, _mailGroup);
                    wrong ??= isRight ? null : $"{path}: {found}";
                }
            }
        });
        watcher.Start();
        for (int round = 0; round < 100; round++)
        {
            daemon.Ask(
                $"fd.socket⇥s⇥listen={round + 1},mode=660,owner=daemon:mail⇥{paths[0]}",
                $"fd.socket⇥d⇥dgram,mode=660,owner=daemon:mail⇥{paths[1]}",
                "fd.delete⇥d");
        }

        Volatile.Write(ref isOver, true);
        watcher.Join();
        Assert.Null(wrong);
        Assert.Equal((0x1B0u, _daemonUser, _mailGroup), Status(paths[0]));
    }

    [RootFact]
    public void AFileThatIsThereKeepsItsOwnerAndItsMode()
    {
        using Scratch scratch = new();
        File.WriteAllText(scratch["f"], "text");
        (uint Mode, uint User, uint Group) before = Status(scratch["f"]);
        File.CreateSymbolicLink(scratch["link"], scratch["nowhere"]);
        using Daemon daemon = Daemon.Interactive();
        daemon.Ask($"fd.open⇥f⇥write,append,create,mode=0666,owner=daemon⇥{scratch["f"]}");
        Assert.Equal(before, Status(scratch["f"]));
        Assert.Equal("text", File.ReadAllText(scratch["f"]));

        // A link that leads nowhere is not followed by what makes a file for somebody else.
        Assert.StartsWith(
            "error⇥open failed: File exists",
            Assert.Single(daemon.Ask($"fd.open⇥f⇥create,owner=daemon⇥{scratch["link"]}")),
            StringComparison.Ordinal);
        Assert.False(Path.Exists(scratch["nowhere"]));
    }

    [Fact]
    public void TheRightsAreStatedAfterACrashAndAnUpgradeAndASecondReadingKeepsTheSocket()
    {
        using Scratch scratch = new();
        using Daemon daemon = Daemon.Interactive(new Launch(Binary.Path, "-i", "--debug-crash"));
        string owner = $"{getuid()}:{getgid()}";
        string line = $"fd.socket⇥s⇥listen,mode=0640,owner={owner}⇥{scratch["s"]}";
        string state = $"fd.state⇥s⇥socket⇥unix,stream,bind,listen=32,mode=0640,owner={owner}⇥{scratch["s"]}";
        Assert.Equal([state], daemon.Ask(line));
        ulong inode = InodeOf(scratch["s"]);
        daemon.Send("debug.crash⇥assert");
        daemon.Ask("echo⇥again");
        Assert.Contains(state, daemon.Ask("statedump"));
        daemon.Ask("reexec⇥-");
        Assert.Contains(state, daemon.Ask("statedump"));
        Assert.Equal([state], daemon.Ask(line));
        Assert.Equal(inode, InodeOf(scratch["s"]));
        daemon.Ask($"fd.socket⇥s⇥listen,mode=0600,owner={owner}⇥{scratch["s"]}");
        Assert.NotEqual(inode, InodeOf(scratch["s"]));
    }

    // The permissions and the owner of what is at a path; nothing if nothing is.
    private static unsafe (uint Mode, uint User, uint Group) Status(string path)
    {
        stat status;
        fixed (byte* text = Encoding.UTF8.GetBytes(path + "\0"))
        {
            return lstat(text, &status) < 0
                ? default
                : ((uint)status.st_mode & 0xFFF, (uint)status.st_uid, (uint)status.st_gid);
        }
    }

    private static unsafe ulong InodeOf(string path)
    {
        stat status;
        fixed (byte* text = Encoding.UTF8.GetBytes(path + "\0"))
        {
            return lstat(text, &status) < 0 ? 0 : (ulong)status.st_ino;
        }
    }

    private static uint NumberOf(string file, string name, int field) => uint.Parse(
        File.ReadLines(file).Select(line => line.Split(':')).First(fields => fields[0] == name)[field],
        System.Globalization.CultureInfo.InvariantCulture);
}
