using System;
using Daemonproxy.Collections;
using Daemonproxy.Descriptors;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.Services;

namespace Daemonproxy.Launching;

/// <summary>
/// Turns a service's texts into the plan that a cloned child can follow: its arguments with NULs instead of TABs, its
/// descriptors by number. All of it in arrays that do not move.
/// </summary>
internal sealed unsafe class LaunchPlanner
{
    // A line of single-byte fields is the worst there can be.
    private const int MostFields = (Limits.Line / 2) + 2;
    private const int ScratchBytes = 2 * 4096;
    private readonly ServiceTable _services;
    private readonly FdTable _fds;
    private readonly FixedArray<byte> _argumentText;
    private readonly FixedArray<nint> _arguments;
    private readonly FixedArray<int> _descriptors;
    private readonly FixedArray<byte> _scratch;
    private readonly LaunchEnvironment _environment;

    public LaunchPlanner(SystemCalls kernel, ServiceTable services, FdTable fds, LaunchEnvironment environment)
    {
        _services = services;
        _fds = fds;
        _environment = environment;
        _argumentText = new FixedArray<byte>(kernel, Limits.Line + 1);
        _arguments = new FixedArray<nint>(kernel, Limits.Line + 3);
        _descriptors = new FixedArray<int>(kernel, MostFields);
        _scratch = new FixedArray<byte>(kernel, ScratchBytes);
    }

    /// <summary>Which connections of its own a service asks for by naming them among its descriptors.</summary>
    public (bool Socket, bool Events, bool Commands) ConnectionsOf(ServiceIndex service)
    {
        (bool Socket, bool Events, bool Commands) wanted = default;
        foreach (ReadOnlySpan<byte> word in new FieldList(_services.Fds(service)))
        {
            FdRole role = TryFind(word, out FdIndex fd) ? _fds[fd].Role : FdRole.Plain;
            wanted.Socket |= role == FdRole.ControlSocket;
            wanted.Events |= role == FdRole.ControlEvent;
            wanted.Commands |= role == FdRole.ControlCommand;
        }

        return wanted;
    }

    /// <summary>The plan to launch this service with these ends of its own connection.</summary>
    public LaunchPlan Prepare(ServiceIndex service, ServiceEnds ends)
    {
        PrepareArguments(_services.Args(service));
        int descriptors = PrepareDescriptors(_services.Fds(service), ends);
        return new LaunchPlan
        {
            // One free place stands before argv[0].
            Arguments = (byte**)(_arguments.Pointer + 1),
            Environment = _environment.Variables,
            SearchPath = _environment.SearchPath,
            Scratch = _scratch.Pointer,
            ScratchBytes = _scratch.Length,
            Descriptors = _descriptors.Pointer,
            DescriptorCount = descriptors,
        };
    }

    private void PrepareArguments(ReadOnlySpan<byte> args)
    {
        Span<byte> text = _argumentText.Span;
        args.CopyTo(text);
        text[args.Length] = 0;
        int count = 1;
        FieldReader fields = new(args);
        int at = 0;
        while (fields.TryNext(out ReadOnlySpan<byte> field))
        {
            _arguments[count++] = (nint)(_argumentText.Pointer + at);
            at += field.Length;
            text[at++] = 0;
        }

        _arguments[count] = 0;
    }

    private int PrepareDescriptors(ReadOnlySpan<byte> fds, ServiceEnds ends)
    {
        int count = 0;
        foreach (ReadOnlySpan<byte> word in new FieldList(fds))
        {
            _descriptors[count++] = word.SequenceEqual("-"u8) ? LaunchPlan.Closed : NumberOf(word, ends);
        }

        return count;
    }

    private int NumberOf(ReadOnlySpan<byte> word, ServiceEnds ends)
    {
        if (!TryFind(word, out FdIndex fd))
        {
            return LaunchPlan.Undefined;
        }

        ref readonly FdRecord record = ref _fds[fd];
        if (NullDevice.IsStandIn(record))
        {
            _fds.MendNull(fd);
        }

        FdNumber number = record.Role == FdRole.Plain ? record.Number : ends.For(record.Role);
        return number.IsNone ? LaunchPlan.Undefined : number.Value;
    }

    private bool TryFind(ReadOnlySpan<byte> word, out FdIndex index)
    {
        index = FdIndex.None;
        return FdName.TryParse(word, out Name name) && _fds.TryFind(name, out index);
    }
}
