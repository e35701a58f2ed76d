using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Polling;

/// <summary>
/// The epoll registration of one descriptor; the kernel is called only for changes. A descriptor that epoll refuses
/// (regular files, /dev/null) is always ready.
/// </summary>
internal sealed class EpollRegistration(PollTokenKind kind, int index)
{
    // The kernel had no room for a watch: other processes hold it, and give it back when they end. A try costs one
    // system call, so once a second is a negligible load, and a controller waits no longer than a person would notice.
    private const int RetrySeconds = 1;

    private FdNumber _fd = FdNumber.None;
    private PollInterest _interest;
    private bool _isRegistered;

    /// <summary>True if the descriptor is ready whenever it is wanted.</summary>
    public bool IsAlwaysReady { get; private set; }

    /// <summary>
    /// True if the kernel had no room to watch it so (ENOMEM, ENOSPC): it is asked again at the next turn.
    /// </summary>
    public bool HasFailed { get; private set; }

    /// <summary>When the kernel is to be asked again; never when it watches.</summary>
    public Instant RetryAt(Instant now) => HasFailed ? now + new Seconds(RetrySeconds) : Instant.Never;

    /// <summary>Watches the descriptor for this from now on.</summary>
    public void Set(SystemCalls kernel, FdNumber fd, int generation, PollInterest interest)
    {
        HasFailed = false;
        if (fd.IsNone || IsAlwaysReady || (_isRegistered && _interest == interest))
        {
            return;
        }

        Errno errno = kernel.SetPollInterest(fd, interest, new PollToken(kind, generation, index), _isRegistered);
        IsAlwaysReady = errno == Errno.EPERM;
        HasFailed = errno is not (Errno.None or Errno.EPERM);
        _fd = fd;
        if (!HasFailed)
        {
            _isRegistered = errno == Errno.None;
            _interest = interest;
        }
    }

    /// <summary>Watches nothing; to be called before the descriptor is closed.</summary>
    public void Stop(SystemCalls kernel)
    {
        if (_isRegistered)
        {
            kernel.RemovePollInterest(_fd);
        }

        _isRegistered = false;
        IsAlwaysReady = false;
        HasFailed = false;
        _fd = FdNumber.None;
    }
}
