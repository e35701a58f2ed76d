using Daemonproxy.Descriptors;
using Daemonproxy.Kernel;

namespace Daemonproxy.Launching;

/// <summary>The slots: a fixed number, made once, each for one launch at a time.</summary>
internal sealed class LaunchSlots
{
    /// <summary>One: the kernel returns from a launch when its outcome is there (CLONE_VFORK).</summary>
    public const int Count = 1;

    private readonly LaunchSlot[] _slots = new LaunchSlot[Count];
    private readonly LaunchEnvironment _environment;

    public LaunchSlots(SystemCalls kernel, FdTable fds, LaunchEnvironment environment)
    {
        _environment = environment;
        Descriptors = new LaunchDescriptors(fds);
        for (int index = 0; index < Count; index++)
        {
            _slots[index] = new LaunchSlot(kernel, index);
        }
    }

    /// <summary>Finds the descriptors that services name.</summary>
    public LaunchDescriptors Descriptors { get; }

    /// <summary>A free slot with the plan of this launch.</summary>
    public LaunchSlot Prepare(in LaunchSpecification specification)
    {
        LaunchSlot slot = _slots[0];
        slot.Prepare(specification, Descriptors, _environment);
        return slot;
    }
}
