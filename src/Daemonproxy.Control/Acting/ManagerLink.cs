using System;
using System.Threading.Tasks;
using Daemonproxy.Client;
using Daemonproxy.Control.Services;
using Daemonproxy.Manager.Running;
using Daemonproxy.Manager.Tags;

namespace Daemonproxy.Control.Acting;

/// <summary>
/// The running manager, if there is one. A request to it is a tag of the service; the manager's own tag shows when the
/// request was carried out.
/// </summary>
internal sealed class ManagerLink(Session session)
{
    private long _lastNumber;

    /// <summary>The manager that keeps the services; null if none runs.</summary>
    public ManagerMark? Mark
    {
        get
        {
            session.State.Current.Services.TryGetValue(ManagerMark.Service, out ServiceInfo? service);
            ManagerMark? mark = service is null ? null : ManagerMark.Find(service.Tags);
            return mark is not null && OwnProcess.IsAlive(mark) ? mark : null;
        }
    }

    /// <summary>True if a running manager keeps a service.</summary>
    public bool Keeps(ServiceView service) => service.Tag is not null && Mark is not null;

    /// <summary>The number of the next request.</summary>
    public long NextNumber()
    {
        _lastNumber = Math.Max(_lastNumber + 1, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        return _lastNumber;
    }

    /// <summary>
    /// The number of the next request for a service; 0 if no manager keeps it, so that commands go to the daemon.
    /// </summary>
    public long NumberFor(ServiceView service) => Keeps(service) ? NextNumber() : 0;

    /// <summary>Sends a request for a service.</summary>
    public Task AskAsync(string service, WishKind kind, long number) =>
        session.Connection.ServiceTagAsync(service, Wish.Key, new Wish(kind, number).ToString());
}
