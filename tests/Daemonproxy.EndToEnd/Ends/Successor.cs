using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Daemonproxy.EndToEnd.Harness;
using Xunit;

namespace Daemonproxy.EndToEnd.Ends;

/// <summary>
/// The program that is executed instead of exiting: sleep(1), which stays as it is, in the process of the daemon.
/// </summary>
internal sealed class Successor
{
    /// <summary>The program to execute, as -E and terminate.exec_args take it.</summary>
    public const string Args = "sleep⇥1000";

    private const string CodeVariable = "DAEMONPROXY_EXITCODE";
    private const string ErrorVariable = "DAEMONPROXY_ERROR";
    private readonly int _pid;
    private readonly string[] _environment;

    private Successor(int pid)
    {
        _pid = pid;
        _environment = Text.From(File.ReadAllBytes($"/proc/{pid}/environ")).Split('\0')[..^1];
    }

    /// <summary>The option that asks for it.</summary>
    public static string[] Option => ["-E", Args];

    /// <summary>Why the daemon ended.</summary>
    public string Error => Variable(ErrorVariable);

    /// <summary>The environment without the two variables.</summary>
    public IEnumerable<string> Inherited =>
        _environment.Where(variable => !variable.StartsWith(CodeVariable, StringComparison.Ordinal)
            && !variable.StartsWith(ErrorVariable, StringComparison.Ordinal));

    public SortedDictionary<int, string> Descriptors => Proc.Descriptors(_pid);

    /// <summary>Waits until the daemon has become it, and checks what holds whatever the reason was.</summary>
    public static Successor Await(Daemon daemon, int code, bool isLogged = true)
    {
        Proc.AwaitRest(daemon.Pid, "sleep");
        Successor successor = new(daemon.Pid);
        successor.Check(code);
        if (isLogged)
        {
            daemon.Log.Await("warning: daemonproxy exec_on_exit to 'sleep'");
        }

        return successor;
    }

    private void Check(int code)
    {
        Assert.Equal("sleep\u00001000\0", File.ReadAllText($"/proc/{_pid}/cmdline"));
        Assert.Equal($"{code}", Variable(CodeVariable));
        Assert.NotEmpty(Error);
        Assert.Equal(0UL, Proc.SignalSet(_pid, "SigBlk"));
        Assert.Equal(0UL, Proc.SignalSet(_pid, "SigIgn"));
        Assert.Equal(0UL, Proc.SignalSet(_pid, "SigCgt"));
        Assert.Equal(0UL, Proc.SignalSet(_pid, "SigPnd"));
        Assert.Equal(0UL, Proc.SignalSet(_pid, "ShdPnd"));
        Assert.Single(Directory.GetDirectories($"/proc/{_pid}/task"));
    }

    private string Variable(string name) =>
        _environment.Single(variable => variable.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..];
}
