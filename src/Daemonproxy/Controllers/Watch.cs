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

    /// <summary>Watches the descriptor for this from now on.</summary>
    public void Set(Kernel kernel, FdNumber fd, int generation, Interest interest)
    {
        if (fd.IsNone || IsAlwaysReady || (_isRegistered && _interest == interest))
        {
            return;
        }

        Errno errno = kernel.Watch(fd, interest, new Token(kind, generation, index), _isRegistered);
        IsAlwaysReady = errno != Errno.None;
        _isRegistered = errno == Errno.None;
        _fd = fd;
        _interest = interest;
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
        _fd = FdNumber.None;
    }
}
