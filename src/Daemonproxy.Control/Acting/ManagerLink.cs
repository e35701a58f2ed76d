using System;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Control.Services;
using Daemonproxy.Manager.Running;
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
            return mark is not null && OwnProcess.IsAlive(mark) ? mark : null;
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
}
