using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Daemonproxy.Load.Workloads;

/// <summary>Services that are up.</summary>
internal static class Up
{
    /// <summary>Starts <c>service-FROM</c> and so on, up to a number, and waits until all are up: their PIDs.</summary>
    public static int[] Start(Session session, int to, int from = 0)
    {
        StringBuilder lines = new();
        for (int at = from; at < to; at++)
        {
            lines.Append(CultureInfo.InvariantCulture, $"service.start\tservice-{at}\n");
        }

        session.First.RunUntil(Encoding.ASCII.GetBytes(lines.ToString()), "\tup\t"u8, to - from);
        return Pids(session);
    }

    /// <summary>The PIDs of all services that are up.</summary>
    public static int[] Pids(Session session)
    {
        List<int> pids = [];
        foreach (string line in session.First.Ask("statedump\necho\tall told\n", "all told").Split('\n'))
        {
            string[] fields = line.Split('\t');
            if (fields is ["service.state", _, "up", _, string pid, ..])
            {
                pids.Add(int.Parse(pid, CultureInfo.InvariantCulture));
            }
        }

        return [.. pids];
    }
}
