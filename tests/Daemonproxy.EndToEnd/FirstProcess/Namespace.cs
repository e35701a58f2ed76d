using Daemonproxy.EndToEnd.Harness;

namespace Daemonproxy.EndToEnd.FirstProcess;

/// <summary>A daemon that is the first process of a PID namespace, with a session.</summary>
internal static class Namespace
{
    public static Daemon Start(params string[] options)
    {
        Launch launch = new Launch([Binary.Path, "-i", .. options]).Under(
            "/usr/bin/unshare", "--pid", "--fork", "--mount-proc", "--kill-child=KILL");
        Daemon daemon = Daemon.Interactive(launch);
        daemon.IsChild();
        return daemon;
    }
}
