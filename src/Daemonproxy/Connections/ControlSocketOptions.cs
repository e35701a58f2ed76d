using System;
using System.Diagnostics.CodeAnalysis;
using Daemonproxy.Access;
using Daemonproxy.Protocol;

namespace Daemonproxy.Connections;

/// <summary>The options of a control socket. The default is a socket without options.</summary>
internal readonly ref struct ControlSocketOptions
{
    /// <summary>The options that are given, a bit for each.</summary>
    public SocketOptions Options { get; init; }

    /// <summary>Its name; empty for the one without a name.</summary>
    public Name Name { get; init; }

    /// <summary>The permissions of its file, if the options have them.</summary>
    public uint Mode { get; init; }

    /// <summary>The owner of its file, if the options have one.</summary>
    public ReadOnlySpan<byte> Owner { get; init; }

    /// <summary>The rights of its peers.</summary>
    public AccessPolicyIndex Access { get; init; }

    /// <summary>The options of an existing socket.</summary>
    public static ControlSocketOptions Of([UnscopedRef] in ControlSocketRecord record) => new()
    {
        Options = record.Options,
        Name = record.Name.Value,
        Mode = record.Mode,
        Owner = record.Owner.Value,
        Access = record.Access,
    };
}
