namespace Daemonproxy.Protocol;

/// <summary>The kind of subject of an event.</summary>
internal enum SubjectKind
{
    /// <summary>None: the event is about the daemon or the connection.</summary>
    None,
    Service,
    Descriptor,
    Signal,
}

/// <summary>The subject of an event, so that a connection can be limited to some objects.</summary>
internal readonly struct EventSubject
{
    private EventSubject(SubjectKind kind, int index)
    {
        Kind = kind;
        Index = index;
    }

    public static EventSubject None => default;

    public SubjectKind Kind { get; }

    /// <summary>The index in the table of this kind; for a signal its number.</summary>
    public int Index { get; }

    public static EventSubject Of(ServiceIndex service) => new(SubjectKind.Service, service.Value);

    public static EventSubject Of(FdIndex descriptor) => new(SubjectKind.Descriptor, descriptor.Value);

    public static EventSubject Of(Signal signal) => new(SubjectKind.Signal, signal.Number);
}
