using Daemonproxy.Kernel;
using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Simulation;

/// <summary>Standard error, which a daemon may keep aside from number 2.</summary>
internal sealed unsafe partial class SimKernel
{
    private static readonly FdNumber s_standardError = new(2);
    private FdNumber _error = s_standardError;

    public override FdNumber ErrorStream => _error;

    public override void KeepErrorAside(FdNumber former)
    {
        FdNumber aside = former;
        bool isThere = FileOf(former) is SimFile file && file == FileOf(s_standardError);
        if (!isThere && Duplicate(s_standardError, isHigh: true, out aside) != Errno.None)
        {
            return;
        }

        _error = aside;
        HelperPlan plan = new() { Task = HelperTask.Close, FdCount = 1 };
        plan.Fds[0] = s_standardError;
        HelperWork.Run(new PathCalls(this), &plan);
    }

    // The crash handler, and execveat(2) on purpose; the other number stays open.
    private void RestoreError()
    {
        if (_error != s_standardError)
        {
            Close(s_standardError);
            Put(s_standardError.Value, _descriptors[_error.Value].File!);
            _error = s_standardError;
        }
    }
}
