using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.Tests.Simulation;

namespace Daemonproxy.Tests.Transcripts;

/// <summary>The actions around the daemon: the lines of a transcript that begin with a star.</summary>
internal sealed class StageActions(SimWorld world, List<string> seen)
{
    private const long Millisecond = 1_000_000;
    private readonly List<SimFile> _passed = [];
    private string[] _words = [];

    public void Do(string text)
    {
        _words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (!TryFile() && !TryKernel() && !TryPeer() && !TryService())
        {
            throw new SimulationException($"what is \"* {text}\"?");
        }

        world.Settle();
    }

    private bool TryFile()
    {
        switch (_words[0])
        {
            case "program":
                Program();
                return true;
            case "file":
                world.Kernel.AddNode(PathAt(1), SimNodeKind.File).Text = Rest(2);
                return true;
            case "directory":
                world.Kernel.AddNode(PathAt(1), SimNodeKind.Directory);
                return true;
            case "terminal":
                world.Kernel.AddNode(_words[1], SimNodeKind.Terminal);
                return true;
            case "forbid":
                world.Kernel.NodeAt(PathAt(1))!.IsForbidden = true;
                return true;
            case "delay":
                Delay();
                return true;
            case "remote":
                world.Kernel.NodeAt(PathAt(1))!.IsRemote = true;
                return true;
            case "remove":
                world.Kernel.RemoveNode(PathAt(1));
                return true;
            case "listener":
                world.Kernel.AddForeignSocket(PathAt(1), isListening: true);
                return true;
            case "dead-socket":
                world.Kernel.AddForeignSocket(PathAt(1), isListening: false);
                return true;
            case "connect":
                world.Connect(_words[1], PathAt(2));
                return true;
            case "show":
                Show(PathAt(1));
                return true;
            default:
                return false;
        }
    }

    private bool TryKernel()
    {
        switch (_words[0])
        {
            case "wait":
                world.Advance(Duration(_words[1]));
                return true;
            case "signal":
                world.Kernel.Raise(SignalOf(_words[1]));
                return true;
            case "signals":
                RaiseAll();
                return true;
            case "fail":
                int times = _words.Length > 3 ? Number(_words[3]) : 1;
                world.Kernel.Faults.Fail(Enum.Parse<SimCall>(_words[1]), Enum.Parse<Errno>(_words[2]), times);
                return true;
            case "stranger":
                world.Kernel.End(world.Kernel.Adopt(), EndReason.Exited, 0);
                return true;
            case "crash" when _words.Length == 1:
                throw new SimulatedCrash();
            case "crash":
                world.Kernel.Faults.CrashAt = world.Kernel.Faults.Calls + Number(_words[2]);
                return true;
            case "inherit":
                Inherit();
                return true;
            case "close":
                world.Kernel.Close(new FdNumber(Number(_words[1])));
                return true;
            case "launches":
                world.Kernel.LaunchTime = Duration(_words[2]);
                return true;
            case "descriptors":
                world.Kernel.DescriptorLimit = world.Kernel.OpenCount + Number(_words[1]);
                return true;
            case "fault":
                world.Running.Image.Header.Crash.Sent = SignalOf(_words[1]).Number;
                world.Turn();
                return true;
            case "supervisor":
                Supervise();
                return true;
            case "crashes":
                world.Running.Image.Header.Crash.WindowCount = Number(_words[1]);
                return true;
            case "init":
                world.Kernel.BecomeInit();
                return true;
            case "groups":
                world.Kernel.GroupFault = _words[1] == "fail" ? Enum.Parse<Errno>(_words[2]) : Errno.None;
                world.Kernel.GroupTime = _words[1] != "take" ? 0 : _words[2] == "never" ? -1 : Duration(_words[2]);
                return true;
            case "pids":
                world.Kernel.LastPid = Number(_words[1]) - 1;
                return true;
            default:
                return false;
        }
    }

    // Who reads and writes at the other ends: NAME is the session, the log, or a service that is a controller.
    private bool TryPeer()
    {
        SimPeer? peer = _words[0] switch
        {
            "session" => world.Session,
            "log" => world.LogReader,
            _ => world.Daemon is null ? null : world.PeerOf(_words[0]),
        };
        if (peer is not null && _words.Length > 2 && _words[1] == "passes")
        {
            foreach (string path in _words[2..])
            {
                SimNode node = world.Kernel.NodeAt(Notation.Decode(path))!;
                peer.Passes.Add(world.Kernel.OpenNode(node, OpenMode.Read | OpenMode.Write));
            }

            return true;
        }

        if (peer is null || _words.Length != 2)
        {
            return false;
        }

        switch (_words[1])
        {
            case "stalls":
                peer.Reads = false;
                return true;
            case "reads":
                peer.Reads = true;
                peer.Pump();
                return true;
            case "finishes":
                peer.EndInput();
                return true;
            case "deafens":
                peer.EndOutput();
                return true;
            default:
                return false;
        }
    }

    private bool TryService()
    {
        SimProcess? process = world.ProcessOf(_words[0]);
        if (process is null || _words.Length < 2)
        {
            return false;
        }

        switch (_words[1])
        {
            case "exits":
                world.Kernel.End(process, EndReason.Exited, Number(_words[2]));
                return true;
            case "dies":
                world.Kernel.End(process, EndReason.Killed, SignalOf(_words[3]).Number);
                return true;
            case "leads":
                process.Group = process.Pid;
                return true;
            case "forks":
                bool isAway = _words.Length > 2 && _words[2] == "away";
                int option = isAway ? 3 : 2;
                ulong ignored = _words.Length > option ? 1UL << SignalOf(_words[option + 1]).Number : 0;
                SimProcess child = world.Kernel.Fork(process, ignored);
                child.Session = isAway ? child.Pid : child.Session;
                return true;
            case "shows":
                seen.Add("= argv " + Notation.Encode(process.Arguments));
                seen.Add("= fds " + string.Join(' ', Descriptors.Of(world, process)));
                if (process.Notify is not null)
                {
                    seen.Add("= notify " + process.NotifyAddress);
                }

                return true;
            case "notifies":
                SimKernel.Notify(process, process, Rest(2), TakePassed());
                return true;
            case "sends":
                TakeAlong();
                return true;
            case "descendant":
                // NAME descendant SESSION|- USER TEXT: another process sends the message.
                SimProcess other = world.Kernel.Neighbour();
                other.Session = _words[2] == "-" ? other.Session : process.Session;
                other.User = (uint)Number(_words[3]);
                SimKernel.Notify(process, other, Rest(4), TakePassed());
                return true;
            case "writes":
                process[Number(_words[2])]!.Write(Encoding.Latin1.GetBytes(Rest(3)), out _);
                return true;
            case "gets":
                byte[] bytes = new byte[SimBuffer.Capacity];
                process[Number(_words[2])]!.Read(bytes, out int count);
                seen.Add("= " + Notation.Encode(Encoding.Latin1.GetString(bytes, 0, count)));
                return true;
            case "accepts":
                world.Kernel.Release(((SimSocket)process[Number(_words[2])]!).Pending.Dequeue());
                return true;
            case "shuts":
                ((SimSocket)process[Number(_words[2])]!).IsShutDown = true;
                return true;
            case "closes":
                process.CloseFile(world.Kernel, Number(_words[2]));
                return true;
            default:
                return false;
        }
    }

    // supervisor: the daemon has one; what it was told is seen.
    private void Supervise()
    {
        world.Kernel.Supervisor ??= [];
        seen.AddRange(world.Kernel.Supervisor.Select(message => "= told " + Notation.Encode(message)));
        world.Kernel.Supervisor.Clear();
    }

    // NAME sends PATH...: files that go along with its next message; PATH - is a pipe.
    private void TakeAlong()
    {
        foreach (string path in _words[2..])
        {
            SimFile file = path == "-"
                ? world.Kernel.MakePipe().Item1
                : world.Kernel.OpenNode(world.Kernel.NodeAt(Notation.Decode(path))!, OpenMode.Read);
            _passed.Add(file);
        }
    }

    private SimFile[] TakePassed()
    {
        SimFile[] passed = [.. _passed];
        _passed.Clear();
        return passed;
    }

    // A microsecond between them.
    private void RaiseAll()
    {
        foreach (string word in _words[1..])
        {
            world.Kernel.Raise(SignalOf(word));
            world.Kernel.Pass(1000);
        }
    }

    // program PATH [exits N | dies of SIGNAL] [after TIME] [ignores SIGNAL] [loads TIME | hangs] [stuck] [says TEXT]
    private void Program()
    {
        SimProgram program = world.Kernel.AddProgram(PathAt(1));
        for (int at = 2; at < _words.Length; at++)
        {
            switch (_words[at])
            {
                case "exits":
                    program.Value = Number(_words[++at]);
                    program.EndsAfter = 0;
                    break;
                case "dies":
                    program.Reason = EndReason.Killed;
                    program.Value = SignalOf(_words[at += 2]).Number;
                    program.EndsAfter = 0;
                    break;
                case "says":
                    program.Says = Notation.Decode(string.Join(' ', _words[(at + 1)..]));
                    at = _words.Length;
                    break;
                case "loads":
                    program.LoadsFor = Duration(_words[++at]);
                    break;
                case "hangs":
                    program.LoadsFor = -1;
                    break;
                case "stuck":
                    program.IsStuck = true;
                    break;
                case "after":
                    program.EndsAfter = Duration(_words[++at]);
                    break;
                default:
                    program.Ignored |= 1UL << SignalOf(_words[++at]).Number;
                    break;
            }
        }
    }

    // delay PATH TIME|never [stuck]: so late the file system answers who uses the path.
    private void Delay()
    {
        SimNode node = world.Kernel.NodeAt(PathAt(1))!;
        node.AnswersAfter = _words[2] == "never" ? -1 : Duration(_words[2]);
        node.IsStuck = _words.Length > 3;
    }

    // inherit N PATH [appending]: the daemon is started with this file open.
    private void Inherit()
    {
        SimNode node = world.Kernel.NodeAt(PathAt(2)) ?? world.Kernel.AddNode(PathAt(2), SimNodeKind.File);
        if (world.Kernel.FileOf(new FdNumber(Number(_words[1]))) is not null)
        {
            world.Kernel.Close(new FdNumber(Number(_words[1])));
        }

        OpenMode mode = OpenMode.Read | OpenMode.Write | (_words.Length > 3 ? OpenMode.Append : 0);
        world.Kernel.Inherit(Number(_words[1]), world.Kernel.OpenNode(node, mode));
    }

    private void Show(string path)
    {
        SimNode? node = world.Kernel.NodeAt(path);
        seen.Add(node is null
            ? "= nothing" : $"= {node.Kind}{RightsOf(node)} {Notation.Encode(node.Text)}".TrimEnd());
    }

    // As stat(1) shows them, if somebody has set them; what was not changed is a dash.
    private static string RightsOf(SimNode node)
    {
        string mode = node.Permissions is { } permissions ? " 0" + Convert.ToString(permissions, 8) : "";
        string owner = node.Owner is { } found ? $" {Id(found.User)}:{Id(found.Group)}" : "";
        return mode + owner;

        static string Id(uint number) =>
            number == FileOwner.Unchanged ? "-" : number.ToString(CultureInfo.InvariantCulture);
    }

    private string PathAt(int word) => Notation.Decode(_words[word]);

    private string Rest(int from) =>
        from < _words.Length ? Notation.Decode(string.Join(' ', _words[from..])) : "";

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);

    private static long Duration(string word) => word.EndsWith("ms", StringComparison.Ordinal)
        ? Number(word[..^2]) * Millisecond
        : Number(word.TrimEnd('s')) * Seconds.Nanoseconds;

    private static Signal SignalOf(string word) =>
        Signal.TryParseName(Encoding.Latin1.GetBytes(word), out Signal signal)
            ? signal
            : throw new SimulationException($"{word} is no signal");
}
