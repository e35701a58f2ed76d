using System;
using KeyValue;

if (args.Length != 1)
{
    Console.Error.WriteLine("Usage: kv-server SOCKET");
    return 2;
}

using var server = new Server(args[0]);
server.Run();
return 0;
