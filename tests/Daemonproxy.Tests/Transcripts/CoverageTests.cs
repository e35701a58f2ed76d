using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Daemonproxy.Commands;
using Daemonproxy.Kernels;
using Daemonproxy.Protocol;
using Daemonproxy.Tests.Support;
using Xunit;

namespace Daemonproxy.Tests.Transcripts;

/// <summary>The transcripts leave nothing of the spec out: no command, no error, no event.</summary>
public sealed class CoverageTests
{
    // Full tables are for LimitTests; a guard cannot be set yet.
    private static readonly HashSet<ErrorId> _elsewhere =
        [ErrorId.None, ErrorId.ServiceFull, ErrorId.FdFull, ErrorId.GuardRequired];

    private static readonly Lazy<string> _all = new(() =>
    {
        StringBuilder all = new();
        foreach (string path in Directory.GetFiles(TranscriptTests.Folder, "*.txt"))
        {
            all.Append('\n').Append(File.ReadAllText(path));
        }

        return all.ToString();
    });

    [Fact]
    public void Every_command_is_sent()
    {
        for (int id = 1; id <= CommandTable.Count; id++)
        {
            string name = Encoding.ASCII.GetString(CommandTable.Name((CommandId)id));
            Assert.True(
                Has($"> {name}\n") || Has($"> {name}⇥") || Has($"⏎{name}\n") || Has($"⏎{name}⏎"),
                $"no transcript sends {name}");
        }
    }

    [Fact]
    public void Every_error_comes_out()
    {
        foreach (ErrorId id in Enum.GetValues<ErrorId>())
        {
            Assert.True(_elsewhere.Contains(id) || IsSaid(id), $"no transcript has {id}");
        }
    }

    [Fact]
    public void Every_event_comes_out()
    {
        string[] events =
        [
            "service.state⇥x⇥deleted⇥-⇥-⇥-⇥-⇥-⇥-", "service.state⇥web⇥down⇥-⇥-⇥-⇥-⇥-⇥-",
            "service.state⇥web⇥start⇥1000⇥-⇥-⇥-⇥-⇥-", "service.state⇥web⇥up⇥1000⇥101⇥-⇥-⇥0⇥-",
            "⇥exit⇥7⇥5⇥0", "⇥signal⇥SIGKILL⇥", "service.tags⇥", "service.args⇥", "service.fds⇥",
            "service.auto_up⇥web⇥-",
            "service.auto_up⇥web⇥10⇥always", "⇥file⇥read,write,append,nonblock⇥", "⇥pipe⇥from⇥w", "⇥pipe⇥to⇥r",
            "⇥pipe⇥nonblock,from⇥", "⇥pipe⇥to⇥?", "⇥special⇥", "fd.state⇥a⇥deleted", "signal⇥SIGHUP⇥", "warning⇥fd \"",
            "more fds are not yet defined", "info⇥", "overflow\n", "log.filter⇥none", "stats⇥turns⇥",
        ];
        Assert.All(events, text => Assert.True(Has(text), $"no transcript has {text}"));
    }

    // To a controller; or, of an option, to the log, before the daemon ends.
    private static bool IsSaid(ErrorId id) =>
        Has("error⇥" + BeginningOf(id)) || Has("log: fatal: " + BeginningOf(id));

    private static bool Has(string text) => _all.Value.Contains(text, StringComparison.Ordinal);

    // What stands before the first placeholder: with none of its values given, before what they are then.
    private static string BeginningOf(ErrorId id)
    {
        const string Mark = "%%";
        byte[] mark = Encoding.ASCII.GetBytes(Mark);
        EventLine line = new(new byte[Limits.LongestErrorText + Limits.Line]);
        Errors.Write(new CommandError(id, mark, 0, Errno.EDOM), ref line);
        string text = Encoding.ASCII.GetString(line.Written);
        string reason = Encoding.ASCII.GetString(Errno.EDOM.Text());
        return text.Split(Mark)[0].Split(reason)[0];
    }
}
