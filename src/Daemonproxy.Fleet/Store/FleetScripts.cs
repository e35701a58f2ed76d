using System.IO;
using System.Text;

namespace Daemonproxy.Fleet.Store;

/// <summary>The scripts that Redis runs: each changes a job in one step, or not at all.</summary>
internal static class FleetScripts
{
    public static readonly string Accept = Load("accept");
    public static readonly string Take = Load("take");
    public static readonly string Progress = Load("progress");
    public static readonly string Finish = Load("finish");
    public static readonly string Back = Load("back");
    public static readonly string Renew = Load("renew");
    public static readonly string Stop = Load("stop");
    public static readonly string Forget = Load("forget");
    public static readonly string Leave = Load("leave");

    private static string Load(string name) => Read("common") + Read(name);

    private static string Read(string name)
    {
        using Stream stream = typeof(FleetScripts).Assembly.GetManifestResourceStream($"Daemonproxy.Fleet.{name}")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
