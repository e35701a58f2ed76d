using System;
using System.IO;
using System.Text;
using Microsoft.Win32.SafeHandles;
using static Tmds.Linux.LibC;

namespace Daemonproxy.Load.Workloads;

/// <summary>The time that a controller waits for its answer while a launch hangs.</summary>
internal sealed class Beside() : Workload(
    "beside", "answer", "echoes one by one: alone, and while a launch hangs", Cost.None)
{
    private const int Asked = 1_000;
    private const int F_SETSIG = 10;
    private const int F_SETLEASE = 1024;
    private const int F_WRLCK = 1;

    // Ignored by default; the kernel sends it when somebody waits for the lease.
    private const int SIGURG = 23;

    public override void Prepare(Session session)
    {
    }

    public override int Run(Session session)
    {
        Find("echo alone", Ping.Times(session.First, Asked));
        WhileALaunchHangs(session);
        return Asked;
    }

    // With a write lease on its program, fcntl(2).
    private void WhileALaunchHangs(Session session)
    {
        string path = Path.Combine(session.Folder, "leased");
        File.WriteAllText(path, "#!/bin/sh\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        int fd = (int)file.DangerousGetHandle();
        if (fcntl(fd, F_SETSIG, SIGURG) < 0 || fcntl(fd, F_SETLEASE, F_WRLCK) < 0)
        {
            throw new InvalidOperationException("there is no lease");
        }

        byte[] start = Encoding.UTF8.GetBytes($"service.args\tleased\t{path}\nservice.start\tleased\n");
        session.First.RunUntil(start, "leased\tup\t"u8, 1);
        Find("echo while a launch hangs", Ping.Times(session.First, Asked));

        // Its end must not be counted with those of the others.
        file.Close();
        session.First.RunUntil("echo\tclosed\n"u8.ToArray(), "\tdown\t"u8, 1);
    }
}
