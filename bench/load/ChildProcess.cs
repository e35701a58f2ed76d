using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using Tmds.Linux;
using static Daemonproxy.EndToEnd.Harness.NativeMethods;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Load;

/// <summary>A process with given descriptors as standard input and output, and nothing on standard error.</summary>
internal sealed unsafe class ChildProcess
{
    // Copies are put out of the way of 0 and 1.
    private const int FirstCopy = 64;
    private bool _hasEnded;

    /// <summary>Starts a program; -1 for a descriptor is /dev/null.</summary>
    public ChildProcess(IReadOnlyList<string> command, int input, int output)
    {
        byte* actions = stackalloc byte[OpaqueBytes];
        byte* attributes = stackalloc byte[OpaqueBytes];
        sigset_t all;
        byte* nowhere = CString("/dev/null");
        _ = sigfillset(&all);
        _ = posix_spawn_file_actions_init(actions);
        _ = posix_spawnattr_init(attributes);
        _ = posix_spawnattr_setsigdefault(attributes, &all);
        _ = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF);
        int[] copies = [Place(actions, input, 0, nowhere), Place(actions, output, 1, nowhere)];
        _ = posix_spawn_file_actions_addopen(actions, 2, nowhere, O_WRONLY, 0);
        byte** argv = CStrings(command);
        byte** envp = CStrings([.. Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(variable => $"{variable.Key}={variable.Value}")]);
        int pid;
        int errno = posix_spawn(&pid, argv[0], actions, attributes, argv, envp);
        foreach (int copy in copies.Where(copy => copy >= 0))
        {
            _ = close(copy);
        }

        _ = posix_spawn_file_actions_destroy(actions);
        _ = posix_spawnattr_destroy(attributes);
        Free(argv);
        Free(envp);
        NativeMemory.Free(nowhere);
        Pid = errno == 0 ? pid : throw new InvalidOperationException($"cannot start {command[0]}: errno {errno}");
    }

    public int Pid { get; }

    public void Signal(int signal)
    {
        if (!_hasEnded)
        {
            _ = kill(Pid, signal);
        }
    }

    /// <summary>Waits for its end; the status as wait(2) gives it.</summary>
    public int AwaitEnd()
    {
        int status = 0;
        while (!_hasEnded && waitpid(Pid, &status, 0) < 0
            && Marshal.GetLastPInvokeError() == EINTR)
        {
        }

        _hasEnded = true;
        return status;
    }

    private static int Place(byte* actions, int fd, int target, byte* nowhere)
    {
        if (fd < 0)
        {
            _ = posix_spawn_file_actions_addopen(actions, target, nowhere, target == 0 ? 0 : O_WRONLY, 0);
            return -1;
        }

        int copy = fcntl(fd, F_DUPFD_CLOEXEC, FirstCopy);
        _ = posix_spawn_file_actions_adddup2(actions, copy, target);
        return copy;
    }

    private static byte** CStrings(IReadOnlyList<string> texts)
    {
        byte** pointers = (byte**)NativeMemory.AllocZeroed((nuint)(texts.Count + 1), (nuint)sizeof(byte*));
        for (int at = 0; at < texts.Count; at++)
        {
            pointers[at] = CString(texts[at]);
        }

        return pointers;
    }

    private static byte* CString(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text + "\0");
        byte* copy = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
        bytes.CopyTo(new Span<byte>(copy, bytes.Length));
        return copy;
    }

    private static void Free(byte** texts)
    {
        for (byte** at = texts; *at != null; at++)
        {
            NativeMemory.Free(*at);
        }

        NativeMemory.Free(texts);
    }
}
