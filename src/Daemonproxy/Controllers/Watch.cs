using Daemonproxy.Kernels;

namespace Daemonproxy.Controllers;

/// <summary>
/// What epoll watches one descriptor for; told to the kernel only when it changes. What epoll refuses (regular files,
/// /dev/null) is always ready.
/// </summary>
internal sealed class Watch(TokenKind kind, int index)
{
    private FdNumber _fd = FdNumber.None;
    private Interest _interest;
    private bool _isRegistered;

    /// <summary>Whether the descriptor is ready whenever it is wanted.</summary>
    public bool IsAlwaysReady { get; private set; }

    /// <summary>
    /// Whether the kernel had no room to watch it so (ENOMEM, ENOSPC): it is asked again at the next turn.
    /// </summary>
    public bool HasFailed { get; private set; }

    /// <summary>Watches the descriptor for this from now on.</summary>
    public void Set(Kernel kernel, FdNumber fd, int generation, Interest interest)
    {
        HasFailed = false;
        if (fd.IsNone || IsAlwaysReady || (_isRegistered && _interest == interest))
        {
            return;
        }

        Errno errno = kernel.Watch(fd, interest, new Token(kind, generation, index), _isRegistered);
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
    public void Stop(Kernel kernel)
    {
        if (_isRegistered)
        {
            kernel.Unwatch(_fd);
        }

        _isRegistered = false;
        IsAlwaysReady = false;
        HasFailed = false;
        _fd = FdNumber.None;
    }
}
