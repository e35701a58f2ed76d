using System.Collections.Generic;
using System.Text;
using Daemonproxy.Protocol;
using Daemonproxy.Tests.Simulation;

namespace Daemonproxy.Tests.Transcripts;

/// <summary>The descriptors that a process was given, by the daemon's names for them.</summary>
internal static class Descriptors
{
    public static IEnumerable<string> Of(SimWorld world, SimProcess process)
    {
        for (int fd = 0; fd < process.FileCount; fd++)
        {
            yield return process[fd] is SimFile file ? NameOf(world, file) : "-";
        }
    }

    private static string NameOf(SimWorld world, SimFile file)
    {
        FixedName at = default;
        for (FdIndex fd = world.Running.Fds.After(at); !fd.IsNone; fd = world.Running.Fds.After(at))
        {
            at = world.Running.Fds[fd].Name;
            if (world.Kernel.FileOf(world.Running.Fds[fd].Number) == file)
            {
                return Encoding.Latin1.GetString(at.Value.Bytes);
            }
        }

        return file.IsReadable && file.IsWritable ? "(both)" : file.IsReadable ? "(events)" : "(commands)";
    }
}
