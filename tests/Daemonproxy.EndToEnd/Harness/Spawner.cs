using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Tmds.Linux;
using static Daemonproxy.EndToEnd.Harness.NativeMethods;
using static Tmds.Linux.LibC;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>posix_spawn(3) as a method.</summary>
internal static unsafe class Spawner
{
    // Where copies of descriptors are put, out of the way of those that the process is to have.
    private const int FirstCopy = 512;
    private const int LastSignal = 64;
    private const int Standard = 3;

    static Spawner()
    {
        // What make or an editor left open for us is not for the processes under test.
        foreach (string path in Directory.GetFileSystemEntries("/proc/self/fd"))
        {
            int number = int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture);
            _ = number < Standard ? 0 : fcntl(number, F_SETFD, FD_CLOEXEC);
        }
    }

    /// <summary>Starts the process; its PID.</summary>
    public static int Spawn(Launch launch)
    {
        byte* actions = stackalloc byte[OpaqueBytes];
        byte* attributes = stackalloc byte[OpaqueBytes];
        _ = posix_spawn_file_actions_init(actions);
        _ = posix_spawnattr_init(attributes);
        List<int> copies = PlaceDescriptors(launch, actions);
        SetSignals(launch, attributes);
        using CStrings argv = new(launch.Command);
        using CStrings envp = new(launch.Variables);
        using CStrings directory = new([launch.Directory ?? "/"]);
        if (launch.Directory is not null)
        {
            _ = posix_spawn_file_actions_addchdir_np(actions, directory.Pointers[0]);
        }

        int pid;
        int errno = posix_spawn(&pid, argv.Pointers[0], actions, attributes, argv.Pointers, envp.Pointers);
        foreach (int copy in copies)
        {
            _ = close(copy);
        }

        _ = posix_spawn_file_actions_destroy(actions);
        _ = posix_spawnattr_destroy(attributes);
        return errno == 0 ? pid : throw new InvalidOperationException($"cannot start {launch}: errno {errno}");
    }

    private static List<int> PlaceDescriptors(Launch launch, byte* actions)
    {
        List<int> copies = [];
        foreach ((int target, Fd source) in launch.Descriptors)
        {
            int copy = fcntl(source.Number, F_DUPFD_CLOEXEC, FirstCopy);
            copies.Add(copy);
            _ = posix_spawn_file_actions_adddup2(actions, copy, target);
        }

        for (int number = 0; number < Standard; number++)
        {
            if (!launch.Descriptors.ContainsKey(number))
            {
                _ = posix_spawn_file_actions_addclose(actions, number);
            }
        }

        // The runtime reads files of its own now and then, without close-on-exec.
        int last = Math.Max(Standard - 1, launch.Descriptors.Keys.DefaultIfEmpty().Max());
        _ = posix_spawn_file_actions_addclosefrom_np(actions, last + 1);
        return copies;
    }

    // This process ignores SIGPIPE and more: the new one starts from the defaults.
    private static void SetSignals(Launch launch, byte* attributes)
    {
        sigset_t blocked;
        sigset_t defaults;
        _ = sigemptyset(&blocked);
        _ = sigemptyset(&defaults);
        foreach (int signal in launch.Blocked)
        {
            _ = sigaddset(&blocked, signal);
        }

        for (int signal = 1; signal <= LastSignal; signal++)
        {
            _ = sigaddset(&defaults, signal);
        }

        int flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
        flags |= launch.HasOwnSession ? POSIX_SPAWN_SETSID : 0;
        _ = posix_spawnattr_setsigmask(attributes, &blocked);
        _ = posix_spawnattr_setsigdefault(attributes, &defaults);
        _ = posix_spawnattr_setflags(attributes, (short)flags);
    }

    /// <summary>An array of C strings, ended by NULL.</summary>
    private readonly ref struct CStrings
    {
        private readonly int _count;

        public CStrings(List<string> texts)
        {
            _count = texts.Count;
            Pointers = (byte**)NativeMemory.AllocZeroed((nuint)(texts.Count + 1), (nuint)sizeof(byte*));
            for (int at = 0; at < _count; at++)
            {
                byte[] bytes = Text.Terminated(texts[at]);
                Pointers[at] = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
                bytes.CopyTo(new Span<byte>(Pointers[at], bytes.Length));
            }
        }

        public byte** Pointers { get; }

        public void Dispose()
        {
            for (int at = 0; at < _count; at++)
            {
                NativeMemory.Free(Pointers[at]);
            }

            NativeMemory.Free(Pointers);
        }
    }
}
