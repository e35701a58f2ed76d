using System;
using Daemonproxy.Collections;
using Daemonproxy.Connections;
using Daemonproxy.Descriptors;
using Daemonproxy.Helpers;
using Daemonproxy.Kernel;
using Daemonproxy.Polling;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Upgrade;

/// <summary>
/// Replaces the running program. The new program is opened first. Then it checks, as a child and on a copy of the
/// image, whether it can resume; turns go on meanwhile. Only then, at the end of a turn, the very file that made the
/// check is executed. If a step before that fails, the controller receives the error; its further commands
/// wait until then.
/// </summary>
internal sealed class UpgradeSequence : EventSource
{
    private const int MostAnswer = 256;
    private readonly SystemCalls _kernel;
    private readonly StateImage _image;
    private readonly FdTable _fds;
    private readonly ConnectionTable _connections;
    private readonly HelperTable _helpers;
    private readonly ErrorReporter _report;
    private readonly Region<UpgradeRecord> _record;
    private readonly EpollRegistration _watch = new(PollTokenKind.UpgradeCheck, 0);
    private readonly FixedArray<byte> _answer;
    private int _answerLength;
    private FdNumber _program = FdNumber.None;

    // Whether it is the file that this process was started from.
    private bool _isOwn;
    private FdNumber _source = FdNumber.None;
    private bool _isReadable;

    // When the check is to be started, or has had its time.
    private Instant _deadline = Instant.Never;

    // Whether the program can take over, and is to be executed at the end of this turn.
    private bool _isReady;

    public UpgradeSequence(
        SystemCalls kernel,
        StateImage image,
        FdTable fds,
        ConnectionTable connections,
        HelperTable helpers,
        ErrorReporter report)
    {
        _fds = fds;
        _helpers = helpers;
        _kernel = kernel;
        _image = image;
        _connections = connections;
        _report = report;
        _record = new Region<UpgradeRecord>(image, RegionId.Upgrade);
        _answer = new FixedArray<byte>(kernel, MostAnswer);
    }

    /// <summary>The child that makes the check; 0 when there is none.</summary>
    public Pid CheckProcess => _record[0].IsPending ? _record[0].CheckProcess : default;

    public bool TryReserve() => _record.TryReserve(0);

    /// <summary>The reason why no replacement can begin now; none if it can.</summary>
    public CommandError FindObstacle() => _record[0].IsPending ? Errors.ReexecPending
        : _image.Fd.IsNone ? Errors.ReexecRefused("this kernel keeps no image for it"u8)
        : CommandError.None;

    /// <summary>Begins the replacement by this program itself, as <see cref="Begin"/> does.</summary>
    public Errno BeginOwn(Connection connection, ReadOnlySpan<byte> line)
    {
        Errno errno = _kernel.OpenOwnProgram(out FdNumber program);
        if (errno == Errno.None)
        {
            Begin(connection, line, program, isOwn: true);
        }

        return errno;
    }

    /// <summary>
    /// Begins the replacement by a program that was opened; nothing stands in its way. The controller waits for its
    /// answer.
    /// </summary>
    public void Begin(Connection connection, ReadOnlySpan<byte> line, FdNumber program, bool isOwn)
    {
        _program = program;
        _isOwn = isOwn;
        connection.Hold(true);
        _deadline = default;
        using RecordWriter<UpgradeRecord> change = _record.Change(0);
        change.Record.Connection = connection.Index;
        change.Record.Generation = connection.Record.Generation;
        change.Record.CheckProcess = default;
        change.Record.LineLength = line.Length;
        line.CopyTo(change.Record.Line);
        change.Record.IsPending = true;
    }

    public override bool Watches(PollTokenKind kind) => kind == PollTokenKind.UpgradeCheck;

    /// <summary>Watches the pipe of the answer, once the check runs.</summary>
    public override Instant PrepareWait(Instant now)
    {
        if (_source.IsNone)
        {
            return _deadline;
        }

        _watch.Set(_kernel, _source, 0, PollInterest.Read);
        return Instant.Earlier(_deadline, _watch.RetryAt(now));
    }

    /// <summary>The answer may be readable.</summary>
    public override void OnReady(in ReadyDescriptor ready) => _isReadable = true;

    public override void Run(TurnStep step, ref Instant now)
    {
        switch (step)
        {
            case TurnStep.Reaping:
                ForgetReaped();
                break;
            case TurnStep.Launching:
                Continue(now);
                break;
            default:
                Replace();
                break;
        }
    }

    // Starts the check, in the step of the turn that makes children, or reads its answer.
    private void Continue(Instant now)
    {
        if (!_record[0].IsPending || _isReady)
        {
            return;
        }

        if (_source.IsNone)
        {
            StartCheck(now);
        }
        else if (_isReadable || _watch.IsAlwaysReady)
        {
            ReadAnswer();
        }
        else if (_deadline <= now)
        {
            Refuse("it did not answer in time"u8);
        }
    }

    // Children were reaped: if the check was among them, another process may get its number from here on. A child of
    // the check may still hold the pipe, so the answer is awaited all the same.
    private void ForgetReaped()
    {
        if (!_record[0].CheckProcess.IsNone && !_kernel.IsChild(_record[0].CheckProcess))
        {
            ForgetCheck();
        }
    }

    /// <summary>Adds the numbers of the descriptors that are open during a check: at most two.</summary>
    public int CollectNumbers(Span<FdNumber> into)
    {
        int count = 0;
        foreach (FdNumber fd in (ReadOnlySpan<FdNumber>)[_program, _source])
        {
            if (!fd.IsNone)
            {
                into[count++] = fd;
            }
        }

        return count;
    }

    // Executes the program that can take over; returns only when the kernel refuses.
    private void Replace()
    {
        if (!_isReady)
        {
            return;
        }

        // The next program repeats the requests to helpers.
        _helpers.Stop(_kernel.Now());
        _image.Header.Work.Step = TurnStep.Ending;
        _image.Header.Replacing = _image.Header.Crash.Count + 1;
        Errno errno = _kernel.ReplaceProgram(_program, _isOwn);
        _image.Header.Replacing = 0;
        Refuse(errno.Text());
    }

    /// <summary>
    /// The new program has taken over: ends the check, and releases the controller that requested it.
    /// </summary>
    public void Finish()
    {
        KillCheck();
        Release();
    }

    /// <summary>After a crash: ends the check.</summary>
    public void Abandon()
    {
        if (_record[0].IsPending)
        {
            KillCheck();
            Answer(Errors.Internal);
        }
    }

    /// <summary>The daemon ends: the check must not outlive it.</summary>
    public void Stop()
    {
        if (_record[0].IsPending)
        {
            Refuse("the daemon ends"u8);
        }
    }

    public ref readonly UpgradeRecord Record => ref _record[0];

    /// <summary>Forgets a request that makes no sense.</summary>
    public void Reset()
    {
        using RecordWriter<UpgradeRecord> change = _record.Change(0);
        change.Record.IsPending = false;
    }

    /// <summary>After a resume: releases controllers that are held without a request; nothing else would.</summary>
    public void ReleaseOthers()
    {
        ref readonly UpgradeRecord record = ref _record[0];
        foreach (Connection connection in _connections.All)
        {
            bool isWaiting = record.IsPending && connection.Index == record.Connection;
            if (connection.IsInUse && connection.Record.IsHeld && !isWaiting)
            {
                connection.Hold(false);
            }
        }
    }

    private void StartCheck(Instant now)
    {
        _answerLength = 0;
        _isReadable = false;
        Errno errno;
        using (RecordWriter<UpgradeRecord> change = _record.Change(0))
        {
            CheckRequest request = new(_program, _isOwn, _image.Fd, _fds.HasSlow);
            errno = _kernel.StartCheck(request, ref change.Record.CheckProcess, out _source);
        }

        if (errno != Errno.None)
        {
            _source = FdNumber.None;
            Refuse(errno.Text());
            return;
        }

        _image.Pass(CrashPoint.ReexecAsked);
        _deadline = now + new Seconds(Limits.ReexecCheck);
    }

    private void ReadAnswer()
    {
        _isReadable = false;
        int before = _answerLength;
        Errno errno = _kernel.Read(_source, _answer.Span[before..], ref _answerLength);
        if (errno is Errno.EAGAIN or Errno.EINTR)
        {
            return;
        }

        ReadOnlySpan<byte> answer = _answer.Span[.._answerLength];
        bool isOver = errno != Errno.None || _answerLength == before || _answerLength == MostAnswer;
        if (answer.SequenceEqual(UpgradeAnswer.Can))
        {
            Approve();
        }
        else if (isOver || answer.EndsWith((byte)'\n'))
        {
            Errno failure = answer.IsEmpty ? _kernel.CheckFailure : Errno.None;
            Refuse(failure != Errno.None ? failure.Text()
                : IsReason(answer) ? answer[UpgradeAnswer.Cannot.Length..^1]
                : "it does not say that it can take over"u8);
        }
    }

    // The check continues until the program is executed, so that no process gets a lease on the file in between.
    private void Approve()
    {
        _isReady = true;
        _deadline = default;
    }

    // It may be gone, and another process have its number.
    private void KillCheck()
    {
        Pid asked = _record[0].CheckProcess;
        if (asked.Value > 1 && _kernel.IsChild(asked))
        {
            _kernel.Kill(asked, new Signal(Signal.SIGKILL));
        }

        ForgetCheck();
    }

    private void ForgetCheck()
    {
        using RecordWriter<UpgradeRecord> change = _record.Change(0);
        change.Record.CheckProcess = default;
    }

    // The reason comes from another program: it must not break a line.
    private static bool IsReason(ReadOnlySpan<byte> answer) =>
        answer.StartsWith(UpgradeAnswer.Cannot)
        && answer.EndsWith((byte)'\n')
        && !answer[..^1].ContainsAnyExceptInRange((byte)' ', (byte)'~');

    private void Refuse(ReadOnlySpan<byte> reason)
    {
        KillCheck();
        Answer(Errors.ReexecRefused(reason));
    }

    private void Answer(in CommandError error)
    {
        ref readonly UpgradeRecord record = ref _record[0];
        Connection connection = _connections.All[record.Connection];
        if (IsWaiting(connection))
        {
            ReadOnlySpan<byte> line = record.Line;
            _report.Failed(connection, line[..record.LineLength], error);
        }

        Release();
    }

    private void Release()
    {
        if (_record[0].IsPending)
        {
            Connection connection = _connections.All[_record[0].Connection];
            if (IsWaiting(connection))
            {
                connection.Hold(false);
            }

            using RecordWriter<UpgradeRecord> change = _record.Change(0);
            change.Record.IsPending = false;
        }

        _deadline = Instant.Never;
        _isReady = false;
        _watch.Stop(_kernel);
        Close(ref _source);
        Close(ref _program);
    }

    private bool IsWaiting(Connection connection) =>
        connection.IsInUse && connection.Record.Generation == _record[0].Generation;

    private void Close(ref FdNumber fd)
    {
        if (!fd.IsNone)
        {
            _kernel.Close(fd);
            fd = FdNumber.None;
        }
    }
}
