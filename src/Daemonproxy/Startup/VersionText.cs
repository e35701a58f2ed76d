using Daemonproxy.Protocol;

namespace Daemonproxy.Startup;

/// <summary>The text of <c>--version</c>.</summary>
internal static class VersionText
{
    /// <summary>More bytes than it can have.</summary>
    public const int Longest = 1024;

    public static void Write(ref LineWriter text)
    {
        text.Text("daemonproxy version "u8);
        text.Text(BuildInfo.Version);
        text.Text("\n build timestamp: "u8);
        text.Text(BuildInfo.Timestamp);
        text.Text("\n git HEAD: "u8);
        text.Text(BuildInfo.GitHead);
        text.Text("\n protocol version: "u8);
        text.Integer(Limits.ProtocolVersion);
        text.Text("\n\n"u8);
        text.Text(BuildInfo.Copyright);
        text.Text("\nMIT License; see the file LICENSE that comes with the program.\n"u8);
    }
}
