namespace Daemonproxy.Control;

/// <summary>dpctl: looks at a daemon and its services, and steers them.</summary>
internal static class Program
{
    private static int Main() => 0;
}
