using System.Collections.Generic;
using System.Text;

namespace Daemonproxy.Manager.Tags;

/// <summary>
/// Identifies the manager that keeps the services: the tag <c>manager=</c> of the service <c>manager</c>. That is the
/// manager's own service, or one that is never started, if the daemon did not start the manager.
/// </summary>
public sealed record ManagerMark
{
    /// <summary>The name of the service.</summary>
    public const string Service = "manager";

    /// <summary>The process of the manager.</summary>
    public int Pid { get; init; }

    /// <summary>
    /// The start time of that process, so that a later process with its PID is not mistaken for it: field 22 of
    /// /proc/PID/stat (proc(5)).
    /// </summary>
    public long Began { get; init; }

    /// <summary>The file or directory with its services.</summary>
    public string File { get; init; } = "";

    /// <summary>The number of the last request that was carried out or refused; see <see cref="Wish"/>.</summary>
    public long Done { get; init; }

    /// <summary>The reason why the last request was refused; empty if it was carried out.</summary>
    public string Problem { get; init; } = "";

    /// <summary>True if all services are being stopped, after which the daemon ends.</summary>
    public bool IsShuttingDown { get; init; }

    /// <summary>The mark of a service; null if it has none.</summary>
    /// <param name="tags">The tags of the service.</param>
    public static ManagerMark? Find(IEnumerable<string> tags)
    {
        if (TagWords.Find(tags, ManagerTag.Key) is not { } text)
        {
            return null;
        }

        var mark = new ManagerMark();
        foreach ((string key, string value) in TagWords.Split(text))
        {
            mark = key switch
            {
                "pid" => mark with { Pid = (int)TagWords.Number(value) },
                "began" => mark with { Began = TagWords.Number(value) },
                "file" => mark with { File = value },
                "done" => mark with { Done = TagWords.Number(value) },
                "problem" => mark with { Problem = value },
                "shutdown" => mark with { IsShuttingDown = true },
                _ => mark,
            };
        }

        return mark;
    }

    /// <summary>The value of the tag.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        TagWords.Append(text, "pid", Pid);
        TagWords.Append(text, "began", Began);
        TagWords.Append(text, "file", File);
        TagWords.Append(text, "done", Done);
        TagWords.Append(text, "problem", Problem);
        TagWords.AppendFlag(text, "shutdown", IsShuttingDown);
        return text.ToString();
    }
}
