using System;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.Startup;

namespace Daemonproxy.Sending;

/// <summary>
/// Option --send: from the words of the command line to an exit code. Standard error has one sentence for what fails.
/// </summary>
internal sealed class SendCommand(ISendingCalls calls)
{
    private const int Success = 0;
    private const int HasError = 1;
    private const int Failure = 2;

    // A path can have any length; the sentence has so many bytes besides.
    private const int SentenceBytes = 256;

    /// <summary>Sends what standard input has; the exit code.</summary>
    public int Run(StartOptions options)
    {
        if (options.Others != OptionId.None)
        {
            return Fail("--send does not go with --"u8, OptionTable.LongName(options.Others), default);
        }

        if (!calls.IsOpen(ISendingCalls.StandardOutput))
        {
            return Fail("standard output is closed"u8, default, default);
        }

        byte[]? path = options.SendPath ?? SocketPath.Find(calls);
        if (path is null)
        {
            return FailToFind();
        }

        Errno refused = calls.Connect(path, out FdNumber socket);
        return refused == Errno.None
            ? Report(new Sender(calls, socket, options.Follows).Run(), path)
            : FailToConnect(path, refused);
    }

    private int Report(SendingResult result, byte[] path) => result switch
    {
        SendingResult.Success => Success,
        SendingResult.HasError => HasError,
        SendingResult.NoAnswer => Fail(
            "no answer from '"u8, path,
            "' for 10 s: the daemon hangs, or all its connections are taken; no line was run"u8),
        SendingResult.Silence => Fail(
            "no answer from '"u8, path, "' for 60 s: the daemon hangs; lines may have been run"u8),
        SendingResult.ConnectionLost => Fail("the connection to '"u8, path, "' was lost"u8),
        SendingResult.AnswersLost => Fail(
            "answers from '"u8, path, "' were lost: standard output was not read for too long"u8),
        SendingResult.BadInput => Fail("standard input cannot be read"u8, default, default),
        SendingResult.BadOutput => Fail("standard output cannot be written"u8, default, default),
        _ => Failure,
    };

    private int FailToFind()
    {
        byte[] own = SocketPath.OfUser(calls);
        byte[] second = own.Length == 0 ? [.. "XDG_RUNTIME_DIR is not set"u8]
            : [.. "there is no '"u8, .. own, (byte)'\''];
        return Fail(
            "no control socket: DAEMONPROXY_SOCKET is not set, there is no '"u8, SocketPath.OfSystem,
            [.. "', and "u8, .. second]);
    }

    private int FailToConnect(byte[] path, Errno reason)
    {
        LineWriter why = new(stackalloc byte[SentenceBytes]);
        why.Text("': "u8);
        why.Errno(reason);
        why.Text(reason switch
        {
            Errno.ECONNREFUSED => ", nobody listens there"u8,
            Errno.EAGAIN => ", too many others wait for a connection"u8,
            _ => default,
        });
        return Fail("cannot connect to '"u8, path, why.Written);
    }

    private int Fail(ReadOnlySpan<byte> before, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> behind)
    {
        LineWriter line = new(new byte[before.Length + subject.Length + behind.Length + SentenceBytes]);
        line.Text("daemonproxy: "u8);
        line.Text(before);
        line.Text(subject);
        line.Text(behind);
        line.Byte((byte)'\n');
        calls.Write(ISendingCalls.StandardError, line.Written, out _);
        return Failure;
    }
}
