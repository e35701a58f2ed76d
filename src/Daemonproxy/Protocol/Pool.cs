namespace Daemonproxy.Protocol;

/// <summary>
/// The size of a pool as the command line gives it, <c>N[xM]</c>: how many records, and how many bytes each may have;
/// nothing when that is left to us. Bounds are not applied yet.
/// </summary>
internal readonly record struct Pool(long Records, long? RecordBytes)
{
    /// <summary>Empty: the compiler's version would bring formatting into the binary.</summary>
    public override string ToString() => string.Empty;
}
