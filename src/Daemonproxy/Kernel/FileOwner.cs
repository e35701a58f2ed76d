namespace Daemonproxy.Kernel;

/// <summary>The user and the group of a file, chown(2).</summary>
internal struct FileOwner
{
    /// <summary>Unchanged.</summary>
    public const uint Unchanged = uint.MaxValue;

    public uint User;
    public uint Group;
}
