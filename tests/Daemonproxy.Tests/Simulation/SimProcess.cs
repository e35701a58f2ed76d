using System;
using System.Text;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Simulation;

/// <summary>Where a simulated process is in its life.</summary>
internal enum SimProcessState
{
    /// <summary>The record is free.</summary>
    Free,
    Running,

    /// <summary>It has ended and was not waited for.</summary>
    Zombie,
}

/// <summary>A process: nearly always a child of the daemon.</summary>
internal sealed class SimProcess
{
    private SimFile?[] _files = new SimFile?[8];
    private byte[] _arguments = new byte[256];
    private int _argumentBytes;

    public SimProcessState State { get; set; }

    public int Pid { get; set; }

    public int Group { get; set; }

    /// <summary>The process that made its session.</summary>
    public int Session { get; set; }

    /// <summary>The number of its control group; 0 for that of the daemon.</summary>
    public long Cgroup { get; set; }

    /// <summary>In nanoseconds of the virtual clock; the largest number: not by itself.</summary>
    public long EndsAt { get; set; }

    /// <summary>When it will have executed its program; the largest number: not by itself.</summary>
    public long ExecutesAt { get; set; }

    /// <summary>The program that it is executing; null when it has, or has failed.</summary>
    public SimProgram? Loading { get; set; }

    /// <summary>True if it gets SIGKILL when it has executed its program.</summary>
    public bool IsKilled { get; set; }

    /// <summary>The plan of a helper; 0 for any other process.</summary>
    public nint Plan { get; set; }

    /// <summary>True if SIGKILL ends it only when it ends by itself: a helper in state D.</summary>
    public bool IsStuck { get; set; }

    /// <summary>Where it reports that it could not execute its program.</summary>
    public SimFile? Report { get; set; }

    /// <summary>The user that it is.</summary>
    public uint User { get; set; }

    /// <summary>The socket on which it can say how it is, and the address that it knows of it.</summary>
    public SimNotifySocket? Notify { get; set; }

    public string NotifyAddress { get; set; } = "";

    /// <summary>Of the daemon; false for somebody else's process.</summary>
    public bool IsChild { get; set; }

    public EndReason Reason { get; set; }

    public int Value { get; set; }

    public ulong Ignored { get; set; }

    /// <summary>The order in which processes ended.</summary>
    public long EndedAs { get; set; }

    public int FileCount { get; private set; }

    public SimFile? this[int fd] => fd < FileCount ? _files[fd] : null;

    /// <summary>Its arguments, TABs between them.</summary>
    public string Arguments => Encoding.Latin1.GetString(_arguments, 0, _argumentBytes);

    public void ForgetNotify()
    {
        User = 0;
        Notify = null;
        NotifyAddress = "";
    }

    public void ClearArguments() => _argumentBytes = 0;

    public void AddArgument(ReadOnlySpan<byte> argument)
    {
        if (_argumentBytes + argument.Length + 1 > _arguments.Length)
        {
            Array.Resize(ref _arguments, 2 * (_argumentBytes + argument.Length + 1));
        }

        if (_argumentBytes > 0)
        {
            _arguments[_argumentBytes++] = (byte)'\t';
        }

        argument.CopyTo(_arguments.AsSpan(_argumentBytes));
        _argumentBytes += argument.Length;
    }

    public void AddFile(SimFile? file)
    {
        if (FileCount == _files.Length)
        {
            Array.Resize(ref _files, 2 * FileCount);
        }

        _files[FileCount++] = file;
        if (file is not null)
        {
            file.References++;
        }
    }

    public void CloseFile(SimKernel kernel, int fd)
    {
        if (_files[fd] is SimFile file)
        {
            _files[fd] = null;
            kernel.Release(file);
        }
    }

    /// <summary>It has executed its program, or ends.</summary>
    public void CloseReport(SimKernel kernel)
    {
        if (Report is SimFile report)
        {
            Report = null;
            kernel.Release(report);
        }
    }

    public void CloseFiles(SimKernel kernel)
    {
        CloseReport(kernel);
        for (int fd = 0; fd < FileCount; fd++)
        {
            CloseFile(kernel, fd);
        }

        FileCount = 0;
    }
}
