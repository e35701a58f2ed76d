using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Polling;

/// <summary>
/// A source of work for the loop: by descriptors, deadlines or notes in the image. The loop calls each source when
/// it is about to wait, when a descriptor of the source is ready, and in the steps of the turn that list the source.
/// </summary>
internal abstract class EventSource
{
    /// <summary>True if the descriptors that are watched under this kind are this source's.</summary>
    public virtual bool Watches(PollTokenKind kind) => false;

    /// <summary>
    /// Before each wait: tells epoll what the source waits for now. Returns when the source has work although no
    /// descriptor becomes ready: <paramref name="now"/> or earlier when it has some already.
    /// </summary>
    public virtual Instant PrepareWait(Instant now) => Instant.Never;

    /// <summary>
    /// After each wait: a descriptor is ready. The token may be that of a descriptor that was closed since.
    /// </summary>
    public virtual void OnReady(in ReadyDescriptor ready)
    {
    }

    /// <summary>Does the source's part of a step. A step that takes long moves the time on.</summary>
    public abstract void Run(TurnStep step, ref Instant now);
}
