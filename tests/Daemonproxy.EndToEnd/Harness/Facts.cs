using System;
using System.IO;
using System.Runtime.InteropServices;
using Xunit;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>A test that needs to be root and to be allowed new PID namespaces; skipped where that is not so.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PidNamespaceFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Obstacle = new(Find);

    public PidNamespaceFactAttribute() => Skip = Obstacle.Value!;

    private static string? Find()
    {
        const string Unshare = "/usr/bin/unshare";
        if (!File.Exists(Unshare))
        {
            return $"{Unshare} (of util-linux) is not installed";
        }

        using ChildProcess child = new Launch(Unshare, "--pid", "--fork", "--mount-proc", "/bin/true").Start();
        return child.AwaitExit().Status == 0 ? null : "this user may not make a PID namespace (root may)";
    }
}

/// <summary>A test that needs to be root; skipped for others.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute() => Skip = Environment.IsPrivilegedProcess ? null! : "this user is not root";
}

/// <summary>A test that counts system calls; skipped where strace is not installed or not permitted.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class StraceFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Obstacle = new(Find);

    public StraceFactAttribute() => Skip = Obstacle.Value!;

    private static string? Find()
    {
        const string Strace = "/usr/bin/strace";
        if (!File.Exists(Strace))
        {
            return $"{Strace} is not installed";
        }

        using ChildProcess child = new Launch(Strace, "-o", "/dev/null", "/bin/true").Start();
        return child.AwaitExit().Status == 0 ? null : "strace may not trace here";
    }
}

/// <summary>
/// A test that counts instructions; skipped where callgrind is missing or cannot run, and where none are recorded.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CallgrindFactAttribute : FactAttribute
{
    public const string Valgrind = "/usr/bin/valgrind";
    private static readonly Lazy<string?> Obstacle = new(Find);

    public CallgrindFactAttribute() => Skip = Obstacle.Value!;

    private static string? Find()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return "instructions are recorded for x64 only";
        }

        if (!File.Exists(Valgrind))
        {
            return $"{Valgrind} is not installed";
        }

        Launch launch = new(Valgrind, "--tool=callgrind", "--callgrind-out-file=/dev/null", "-q", "/bin/true");
        using ChildProcess child = launch.Start();
        return child.AwaitExit().Status == 0 ? null : "callgrind cannot run here";
    }
}

/// <summary>A test of what only root may do; skipped for others.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PrivilegedFactAttribute : FactAttribute
{
    public PrivilegedFactAttribute() => Skip = Environment.IsPrivilegedProcess ? null! : "only root may do this";
}
