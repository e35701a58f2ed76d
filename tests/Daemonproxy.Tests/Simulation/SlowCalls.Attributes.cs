using Daemonproxy.Protocol;

namespace Daemonproxy.Tests.Simulation;

/// <summary>Attributes of the daemon's process: most belong to the start.</summary>
internal sealed unsafe partial class SlowCalls
{
    public override FdNumber ErrorStream => kernel.ErrorStream;

    public override void KeepErrorAside(FdNumber former)
    {
        Outside();
        kernel.KeepErrorAside(former);
    }

    public override Errno BecomeSubreaper()
    {
        Outside();
        return kernel.BecomeSubreaper();
    }

    public override void RaisePriority(bool isRaised) => kernel.RaisePriority(isRaised);

    public override Errno TakeCtrlAltDel()
    {
        Outside();
        return kernel.TakeCtrlAltDel();
    }

    public override Errno TakeKeyboardRequest() => kernel.TakeKeyboardRequest();
}
