namespace Daemonproxy.Protocol;

/// <summary>A process ID; 0 is "none".</summary>
internal readonly record struct Pid(int Value)
{
    public bool IsNone => Value == 0;
}
