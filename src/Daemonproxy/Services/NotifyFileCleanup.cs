using System;
using Daemonproxy.Helpers;
using Daemonproxy.Kernel;
using Daemonproxy.Launching;
using Daemonproxy.Protocol;
using Daemonproxy.Readiness;

namespace Daemonproxy.Services;

/// <summary>Removes the files of notify sockets whose run is over, by helpers.</summary>
internal sealed class NotifyFileCleanup(NotifyTable table, HelperTable helpers, SharedLaunchData context)
{
    // A helper could not be made; no command waits for the removal.
    private const int RetrySeconds = 1;

    // What the room for a path can hold of names alone.
    private const int MostPaths = HelperPlan.PathBytes / NotifyPaths.Digits;

    private int _overCount;
    private Instant _retry = Instant.None;

    /// <summary>True if sockets can have files at all.</summary>
    public bool HasDirectory => context.HasNotifyDirectory;

    /// <summary>A run with a file is over.</summary>
    public void NoteOver(bool isOver) => _overCount += isOver ? 1 : 0;

    /// <summary>When there is a file to be removed, and a helper for it.</summary>
    public Instant NextTry(Instant now) =>
        _overCount == 0 ? Instant.Never : _retry.IsNone ? (helpers.HasSpare ? now : Instant.Never) : _retry;

    /// <summary>Starts a helper for the files that are to be removed, as many as one can remove.</summary>
    public void Run(Instant now)
    {
        _retry = _retry <= now ? Instant.None : _retry;
        if (_overCount == 0 || !_retry.IsNone || !helpers.HasSpare
            || !helpers.TryPrepare(HelperTask.RemoveFiles, default, out HelperSlot slot))
        {
            return;
        }

        Span<int> taken = stackalloc int[MostPaths];
        int count = WritePaths(slot.PathRoom, taken, 0, withOpen: false, out int _);
        if (helpers.Start(slot, HelperRecord.NoConnection) != Errno.None)
        {
            _retry = now + new Seconds(RetrySeconds);
            return;
        }

        // A file that cannot be removed stays: no command waits, and no other run has its name.
        foreach (int place in taken[..count])
        {
            table.Free(place);
        }

        _overCount -= count;
    }

    /// <summary>At the end of the daemon, removes the files of all runs: their sockets end with it. May wait.</summary>
    public void RemoveAll(SystemCalls kernel)
    {
        Span<int> taken = stackalloc int[MostPaths];
        int next = 0;
        while (next < table.HighWater && helpers.TryPrepare(HelperTask.RemoveFiles, default, out HelperSlot slot))
        {
            WritePaths(slot.PathRoom, taken, next, withOpen: true, out next);
            kernel.DoPlan(ref slot.Plan);
        }
    }

    // Paths with a NUL behind each, and one more; how many there are, and the record behind the last one.
    private int WritePaths(Span<byte> room, Span<int> taken, int first, bool withOpen, out int next)
    {
        LineWriter paths = new(room);
        int needed = context.NotifyDirectoryText.Length + 1 + NotifyPaths.Digits + 1;
        int count = 0;
        for (next = first; next < table.HighWater && paths.Length + needed < room.Length; next++)
        {
            ref readonly NotifyRecord record = ref table[next];
            if (!record.IsFree && record.FileName != 0 && (withOpen || record.IsOver))
            {
                paths.Text(context.NotifyDirectoryText);
                paths.Byte((byte)'/');
                NotifyPaths.Write(ref paths, record.FileName);
                paths.Byte(0);
                taken[count++] = next;
            }
        }

        paths.Byte(0);
        return count;
    }
}
