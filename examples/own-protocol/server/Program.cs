using KeyValue;

if (args.Length != 1)
{
    Console.Error.WriteLine("Usage: kv-server SOCKET");
    return 2;
}

var store = new Store();
using var server = new LineServer(args[0], () => new Session(store));
server.Run();
return 0;
