using System;
using Daemonproxy.Collections;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Commands;

/// <summary>Holds one path of a command line, with the NUL that system calls need behind it.</summary>
internal sealed class PathBuffer(SystemCalls kernel)
{
    private readonly FixedArray<byte> _path = new(kernel, Limits.Line + 1);
    private int _length;

    /// <summary>Copies a path, and returns it with a NUL behind it; valid until the next path.</summary>
    public ReadOnlySpan<byte> Terminate(ReadOnlySpan<byte> path)
    {
        path.CopyTo(_path.Span);
        _length = path.Length;
        _path[_length] = 0;
        return _path.Span[..(_length + 1)];
    }

    /// <summary>
    /// Makes each directory on the way to the path that is missing. Errors are ignored: opening the path returns them.
    /// </summary>
    public void MakeParents()
    {
        for (int i = 1; i < _length; i++)
        {
            if (_path[i] == (byte)'/')
            {
                _path[i] = 0;
                kernel.MakeDirectory(_path.Span[..(i + 1)]);
                _path[i] = (byte)'/';
            }
        }
    }
}
