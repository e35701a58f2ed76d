using System;
using System.Runtime.InteropServices;
using Daemonproxy.Protocol;
using Daemonproxy.State;

namespace Daemonproxy.Access;

/// <summary>
/// The access of a connection, a service or a descriptor; part of the image's layout. The default is unrestricted: that
/// of a config file, a session, and a control socket without options.
/// </summary>
internal readonly struct AccessPolicyIndex(byte value) : IEquatable<AccessPolicyIndex>
{
    /// <summary>0 for everything; else one more than the place of a record.</summary>
    public byte Value { get; } = value;

    /// <summary>True if it is unrestricted.</summary>
    public bool IsAll => Value == 0;

    public static bool operator ==(AccessPolicyIndex one, AccessPolicyIndex other) => one.Value == other.Value;

    public static bool operator !=(AccessPolicyIndex one, AccessPolicyIndex other) => one.Value != other.Value;

    public bool Equals(AccessPolicyIndex other) => Value == other.Value;

    public override bool Equals(object? obj) => obj is AccessPolicyIndex other && Equals(other);

    public override int GetHashCode() => Value;
}

/// <summary>
/// The rights of the peers of a control socket with these options. A record never changes: a socket that is made with
/// other options has another one.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct AccessPolicyRecord
{
    /// <summary>True if the record is in use.</summary>
    public bool IsUsed;

    /// <summary>The right: <c>watch</c> or <c>jobs</c>.</summary>
    public Right Allow;

    /// <summary>The name of the socket; empty for the one without a name.</summary>
    public FixedName Socket;

    /// <summary>The beginning of all names that exist for them.</summary>
    public FixedName Prefix;

    /// <summary>
    /// The fields of <c>service.user</c> with which their services run; empty where nothing is forced.
    /// </summary>
    public FixedText User;

    /// <summary>That user and group as the option has them.</summary>
    public FixedText UserText;

    /// <summary>
    /// The path of <c>service.cgroup</c> with which their services run; empty where nothing is forced.
    /// </summary>
    public FixedText Cgroup;

    /// <summary>The most services that they can have.</summary>
    public int MostServices;

    /// <summary>The most connections that they can have at once.</summary>
    public int MostConnections;

    /// <summary>
    /// True if services of both have the same owner: one socket, with the same user and control group.
    /// </summary>
    public readonly bool IsSameOwner(in AccessPolicyRecord other) =>
        Socket.IsSame(other.Socket) && User.Value.SequenceEqual(other.User.Value)
        && Cgroup.Value.SequenceEqual(other.Cgroup.Value);

    /// <summary>True if both are equal.</summary>
    public readonly bool IsSame(in AccessPolicyRecord other) =>
        IsSameOwner(other) && Allow == other.Allow && Prefix.IsSame(other.Prefix)
        && MostServices == other.MostServices && MostConnections == other.MostConnections;
}
