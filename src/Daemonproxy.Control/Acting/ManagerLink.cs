using System;
using System.Globalization;
using System.IO;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Control.Services;
using Daemonproxy.Manager.Tags;

namespace Daemonproxy.Control.Acting;

/// <summary>
/// The manager, if one lives. It is told what is wanted by a tag of the service, and says in its own tag when it has
/// done that.
/// </summary>
internal sealed class ManagerLink(Session session)
{
    private long _lastNumber;

    /// <summary>The manager that keeps the services; null if none lives.</summary>
    public ManagerMark? Mark
    {
        get
        {
            session.State.Current.Services.TryGetValue(ManagerMark.Service, out ServiceInfo? service);
            ManagerMark? mark = service is null ? null : ManagerMark.Find(service.Tags);
            return mark is { Pid: > 0 } && BeginOf(mark.Pid) == mark.Began ? mark : null;
        }
    }

    /// <summary>Whether a service is kept by a manager that lives.</summary>
    public bool Keeps(ServiceView service) => service.Tag is not null && Mark is not null;

    /// <summary>The number of the next wish.</summary>
    public long NextNumber()
    {
        _lastNumber = Math.Max(_lastNumber + 1, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        return _lastNumber;
    }

    /// <summary>
    /// The number of the next wish for a service; 0 if no manager keeps it, so that the daemon is asked.
    /// </summary>
    public long NumberFor(ServiceView service) => Keeps(service) ? NextNumber() : 0;

    /// <summary>Says what is wanted of a service.</summary>
    public Task AskAsync(string service, WishKind kind, long number) =>
        session.Connection.ServiceTagAsync(service, Wish.Key, new Wish(kind, number).ToString());

    /// <summary>When a process began: field 22 of /proc/PID/stat, proc(5); -1 if there is none.</summary>
    private static long BeginOf(int pid)
    {
        const int beginField = 22;

        // The name of the program, in parentheses, may have blanks and parentheses; it is field 2.
        try
        {
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return long.Parse(fields[beginField - 3], CultureInfo.InvariantCulture);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return -1;
        }
    }
}
