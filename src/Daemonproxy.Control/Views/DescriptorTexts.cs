using System.Collections.Generic;
using System.Linq;
using Daemonproxy.Client;
using Daemonproxy.Control.Text;

namespace Daemonproxy.Control.Views;

/// <summary>Named descriptors, each in a few words.</summary>
internal sealed class DescriptorTexts(StateSnapshot state)
{
    /// <summary><c>pipe to web-log</c>, <c>tcp *:80, listening</c>; empty for one that the daemon always has.</summary>
    public string Of(string name) => name == "-" || !state.Fds.TryGetValue(name, out FdStateEvent? fd)
        ? name is "-" || IsControl(name) ? "" : "not there"
        : fd switch
        {
            FdStateFileEvent { Text: OutputFiles.Unknown } => "the daemon's own",
            FdStateFileEvent file => VisibleText.Of(file.Text),
            FdStateReaderEvent reader => $"pipe from {Holder(reader.Text)}",
            FdStateWriterEvent writer => $"pipe to {Holder(writer.Text)}",
            FdStatePairEvent pair => $"socket pair with {Holder(pair.Text)}",
            FdStateSocketEvent socket => OfSocket(socket),
            _ => "",
        };

    private static bool IsControl(string name) => name.StartsWith("control.", System.StringComparison.Ordinal);

    // The service at the other end is more informative than the name of the descriptor.
    private string Holder(FdName? end) => end?.Text is not { } name ? "nobody"
        : state.Services.Values.FirstOrDefault(service => service.Fds.Contains(name))?.Name.Text ?? name;

    private static string OfSocket(FdStateSocketEvent socket)
    {
        SocketFlags flags = socket.Flags.Flags;
        bool isInternet = (flags & (SocketFlags.Inet | SocketFlags.Inet6)) != 0;
        string kind = (flags & SocketFlags.Dgram) != 0 ? isInternet ? "udp" : "datagrams"
            : isInternet ? "tcp" : "unix";
        string address = socket.Text is "" or "-" ? "" : $" {VisibleText.Of(socket.Text)}";
        return kind + address + ((flags & SocketFlags.Listen) != 0 ? ", listening" : "");
    }
}
