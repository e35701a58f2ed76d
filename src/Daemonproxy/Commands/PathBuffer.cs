using System;
using Daemonproxy.Collections;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Commands;

/// <summary>Holds one path of a command line, with the NUL that system calls need behind it.</summary>
internal sealed class PathBuffer(SystemCalls kernel)
{
    private readonly FixedArray<byte> _path = new(kernel, Limits.Line + 1);

    /// <summary>Copies a path, and returns it with a NUL behind it; valid until the next path.</summary>
    public ReadOnlySpan<byte> Terminate(ReadOnlySpan<byte> path)
    {
        path.CopyTo(_path.Span);
        _path[path.Length] = 0;
        return _path.Span[..(path.Length + 1)];
    }
}
