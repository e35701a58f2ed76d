using System;
using System.Runtime.InteropServices;
using Daemonproxy.Collections;
using Daemonproxy.Connections;
using Daemonproxy.Kernel;
using Daemonproxy.Polling;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Startup;

/// <summary>
/// Closes descriptors that no record has: at a resume, those that were being opened or closed when the daemon crashed;
/// in the loop, one that a helper opened in the moment in which it was killed. Helpers close them, since their kind is
/// unknown, unless they are pipes.
/// </summary>
internal sealed class UnrecordedDescriptors : EventSource
{
    private readonly SystemCalls _kernel;
    private readonly DaemonComponents _daemon;
    private readonly FixedArray<FdNumber> _known;

    public UnrecordedDescriptors(SystemCalls kernel, DaemonComponents daemon)
    {
        _kernel = kernel;
        _daemon = daemon;

        // The names, the connections, the closing and the services have at most so many each; launches, helpers and
        // others have few.
        int most = (2 * Limits.Fds) + (2 * Limits.Services) + 4096
            + (ConnectionTable.MostNumbers * daemon.Connections.All.Length);
        _known = new FixedArray<FdNumber>(kernel, most);
    }

    /// <summary>Work at the end of a turn, when every descriptor that was opened in it has its record.</summary>
    public override void Run(TurnStep step, ref Instant now)
    {
        if (_daemon.Helpers.TryTakeSurplusNotice())
        {
            Close();
        }
    }

    /// <summary>Hands every unrecorded descriptor above 2 to the closer.</summary>
    public void Close()
    {
        ReadOnlySpan<int> known = FindKnown();
        FdNumber fd = _kernel.NextOpen(new FdNumber(2));
        while (!fd.IsNone)
        {
            if (known.BinarySearch(fd.Value) < 0)
            {
                _daemon.Helpers.Closer.Close(fd, _kernel.IsPipe(fd) ? FdBlocking.None : FdBlocking.All);
            }

            fd = _kernel.NextOpen(fd);
        }
    }

    private ReadOnlySpan<int> FindKnown()
    {
        Span<FdNumber> known = _known.Span;
        int count = _daemon.Fds.CollectNumbers(known);
        count += _daemon.LaunchSlots.CollectNumbers(known[count..]);
        count += _daemon.ServiceReadiness.CollectNumbers(known[count..]);
        count += _daemon.CgroupPreparation.CollectNumbers(known[count..]);
        count += _daemon.Connections.CollectNumbers(known[count..]);
        count += _daemon.Helpers.CollectNumbers(known[count..]);
        count += _daemon.UpgradeSequence.CollectNumbers(known[count..]);
        count += _daemon.Sockets.CollectNumbers(known[count..]);

        Span<int> numbers = MemoryMarshal.Cast<FdNumber, int>(known[..count]);
        numbers.Sort();
        return numbers;
    }
}
