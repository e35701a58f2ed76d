using System;
using Daemonproxy.Helpers;
using Daemonproxy.Kernel;
using Daemonproxy.Launching;
using Daemonproxy.Protocol;
using Daemonproxy.Readiness;

namespace Daemonproxy.Services;

/// <summary>Removes the files of notify sockets whose run is over, by helpers.</summary>
internal sealed class NotifyFiles(NotifyTable table, HelperTable helpers, LaunchEnvironment environment)
{
    // A helper could not be made: nobody waits for the removal.
    private const int RetrySeconds = 1;

    private int _overCount;
    private Instant _retry = Instant.None;

    /// <summary>Whether sockets can have files at all.</summary>
    public bool HasDirectory => environment.HasNotifyDirectory;

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

        Span<byte> room = slot.PathRoom;
        EventLine paths = new(room);
        Span<int> taken = stackalloc int[HelperPlan.PathBytes / NotifyNames.Digits];
        int count = 0;
        for (int place = 0; place < table.HighWater; place++)
        {
            int needed = environment.NotifyDirectoryText.Length + 1 + NotifyNames.Digits + 1;
            if (!table[place].IsFree && table[place].IsOver && paths.Length + needed < room.Length)
            {
                paths.Text(environment.NotifyDirectoryText);
                paths.Byte((byte)'/');
                NotifyNames.Write(ref paths, table[place].FileName);
                paths.Byte(0);
                taken[count++] = place;
            }
        }

        // An empty path ends the list. One that is not removed stays: nobody waits, and no other run has its name.
        paths.Byte(0);
        if (helpers.Start(slot, HelperRecord.NoConnection) != Errno.None)
        {
            _retry = now + new Seconds(RetrySeconds);
            return;
        }

        foreach (int place in taken[..count])
        {
            table.Free(place);
        }

        _overCount -= count;
    }
}
