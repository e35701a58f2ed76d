using System.Runtime.InteropServices;
using Daemonproxy.Access;
using Daemonproxy.Descriptors;
using Daemonproxy.Kernel;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Connections;

/// <summary>A control socket; in the image, so that it outlives a crash.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ControlSocketRecord
{
    /// <summary>True if there is a control socket.</summary>
    public bool IsListening;

    /// <summary>Tells this socket from the one before it.</summary>
    public int Generation;
    public FdNumber Listener;

    /// <summary>The identity of the listening descriptor when it was recorded.</summary>
    public FdIdentity Identity;

    /// <summary>The file at the path, as it was made: another one there is not ours to remove.</summary>
    public FdIdentity File;
    public FixedText Path;

    /// <summary>Its name; empty for the one without a name.</summary>
    public FixedName Name;

    /// <summary>The rights of its peers.</summary>
    public AccessPolicyIndex Access;

    /// <summary>The options that it was made with.</summary>
    public SocketOptions Options;

    /// <summary>The permissions and the owner of its file, where the options have them.</summary>
    public uint Mode;
    public FixedText Owner;
}
