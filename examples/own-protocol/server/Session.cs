namespace KeyValue;

/// <summary>A connection: one method for each command of kv.spec.</summary>
internal sealed class Session(Store store)
    : LineConnection(Limits.Line, Limits.LongestEvent), IStoreCommands, IWatchingCommands
{
    private readonly byte[] _text = new byte[Limits.LongestErrorText];
    private CommandHandlers? _handlers;

    protected override CommandError LineTooLong => Errors.LineTooLong;

    public CommandError Set(scoped in SetArguments arguments)
    {
        KeyTarget key = arguments.Key;
        store.Values[key.Exists ? key.Index.Value : store.Values.Add(key.Name)].Bytes = arguments.Value;
        foreach (Session watcher in store.Watchers)
        {
            LineWriter changed = watcher.Begin();
            Events.Changed(ref changed, key.Name, arguments.Value);
            watcher.End(changed);
        }

        LineWriter line = Begin();
        Events.Stored(ref line, key.Name);
        return End(line);
    }

    public CommandError Get(scoped in GetArguments arguments)
    {
        int key = arguments.Key.Value;
        LineWriter line = Begin();
        Events.Value(ref line, store.Values.NameOf(key), store.Values[key].Bytes);
        return End(line);
    }

    public CommandError Delete(scoped in DeleteArguments arguments)
    {
        Name name = store.Values.NameOf(arguments.Key.Value);
        store.Values.Remove(arguments.Key.Value);
        LineWriter line = Begin();
        Events.Deleted(ref line, name);
        End(line);
        foreach (Session watcher in store.Watchers)
        {
            LineWriter removed = watcher.Begin();
            Events.Removed(ref removed, name);
            watcher.End(removed);
        }

        return CommandError.None;
    }

    public CommandError List(scoped in ListArguments arguments)
    {
        foreach (int key in store.Values)
        {
            LineWriter entry = Begin();
            Events.Entry(ref entry, store.Values.NameOf(key), store.Values[key].Bytes.Length);
            End(entry);
        }

        LineWriter line = Begin();
        Events.Listed(ref line, store.Values.Count);
        return End(line);
    }

    public CommandError Watch(scoped in WatchArguments arguments)
    {
        store.Watchers.Remove(this);
        if (arguments.State == Toggle.On)
        {
            store.Watchers.Add(this);
        }

        LineWriter line = Begin();
        Events.Watching(ref line, arguments.State);
        return End(line);
    }

    protected override void Run(ReadOnlySpan<byte> line)
    {
        FieldReader fields = new(line);
        fields.TryNext(out ReadOnlySpan<byte> name);
        CommandId id = CommandTable.Find(name);
        _handlers ??= new CommandHandlers(store, this, this);
        Answer(id == CommandId.None ? Errors.UnknownCommand(name) : CommandDispatch.Run(id, ref fields, _handlers));
    }

    protected override void WriteError(ref LineWriter line, scoped in CommandError error)
    {
        LineWriter text = new(_text);
        Errors.Write(error, ref text);
        Events.Error(ref line, text.Written);
    }

    protected override void OnClosed() => store.Watchers.Remove(this);
}
