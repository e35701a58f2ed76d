namespace Daemonproxy.Protocol;

/// <summary>A file descriptor of this process; below 0 is "none".</summary>
internal readonly record struct FdNumber(int Value)
{
    public static FdNumber None => new(-1);

    public bool IsNone => Value < 0;
}
