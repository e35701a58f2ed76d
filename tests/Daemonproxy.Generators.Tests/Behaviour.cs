using System;
using System.Reflection;
using Xunit;

namespace Daemonproxy.Generators.Tests;

/// <summary>The code generated from the real spec does what the protocol says, to the byte.</summary>
public sealed class Behaviour(Behaviour.Daemon daemon) : IClassFixture<Behaviour.Daemon>
{
    [Theory]
    [InlineData("nonsense", "unknown")]
    [InlineData("ech", "unknown")]
    [InlineData("echO", "unknown")]
    [InlineData("echo", "ok")]
    [InlineData("echo\ta\tb", "ok")]
    [InlineData("service.start", "Expected service name")]
    [InlineData("service.start\t", "Expected service name")]
    [InlineData("service.start\ta b", "Invalid service name")]
    [InlineData("service.start\tabcdefghijklmnopqrstuvwxyz012345", "Invalid service name")]
    [InlineData("service.start\tother", "No such service")]
    [InlineData("service.start\tweb", "ok")]
    [InlineData("service.start\tweb\t", "invalid timestamp")]
    [InlineData("service.start\tweb\t-", "ok")]
    [InlineData("service.start\tweb\t12\tand more", "ok")]
    [InlineData("service.start\tweb\t2147483648", "invalid timestamp")]
    [InlineData("service.signal\tweb", "Expected signal argument")]
    [InlineData("service.signal\tweb\t", "Expected signal argument")]
    [InlineData("service.signal\tweb\t5x", "Invalid signal number")]
    [InlineData("service.signal\tweb\t65536", "Invalid signal number")]
    [InlineData("service.signal\tweb\t-1", "Invalid signal argument")]
    [InlineData("service.signal\tweb\tTERM\tgroup", "ok")]
    [InlineData("service.signal\tweb\t0\t,group,", "ok")]
    [InlineData("service.signal\tweb\tTERM\tgroup,grope", "unknown option \"grope\"")]
    [InlineData("service.auto_up\tother\tx", "Expected integer")]
    [InlineData("service.auto_up\tother", "Expected integer")]
    [InlineData("service.auto_up\tother\t0", "invalid interval")]
    [InlineData("service.auto_up\tother\t-\talways\t\tUSR1", "ok")]
    [InlineData("service.auto_up\tother\t1\tTERM", "unable to set auto_up triggers")]
    [InlineData("service.fds\tother\t-\tnull\tnot yet", "invalid fd name")]
    [InlineData("service.fds\tother\t-\t\tnull", "ok")]
    [InlineData("fd.open\tnull", "missing flags argument")]
    [InlineData("fd.open", "Expected file descriptor name")]
    [InlineData("fd.open\tnull\tread", "missing path argument")]
    [InlineData("fd.open\tnull\tread\t/x\ty", "unexpected argument after path")]
    [InlineData("fd.open\tnull\tread\t/x", "File descriptor cannot be altered")]
    [InlineData("fd.open\tx\tread,truncate\t/x", "ok")]
    [InlineData("fd.open\tx\tread,wriet,x\t/x", "unknown flag \"wriet\"")]
    [InlineData("fd.open\tx\t\t", "ok")]
    [InlineData("fd.delete\tother", "No such file descriptor")]
    [InlineData("fd.delete\tnull", "File descriptor cannot be altered")]
    [InlineData("fd.delete\tlog", "ok")]
    [InlineData("fd.pipe\ta\tlog\t-", "ok")]
    [InlineData("log.filter\t", "Invalid loglevel argument")]
    [InlineData("log.filter\t+", "ok")]
    [InlineData("log.filter\twarning", "ok")]
    [InlineData("log.filter\twarnin", "Invalid loglevel argument")]
    [InlineData("stats\tuptime\tspawns.failed", "ok")]
    [InlineData("stats\tuptime\tuptme", "unknown counter \"uptme\"")]
    [InlineData("terminate", "Expected integer")]
    [InlineData("terminate\t-9223372036854775808\tx", "ok")]
    [InlineData("terminate\t9223372036854775808", "Expected integer")]
    public void ALineIsAnswered(string line, string answer) =>
        Assert.Equal(answer, daemon.Call("Command", line, true));

    [Theory]
    [InlineData("service.args\tother\t/bin/true", "Unable to allocate new service")]
    [InlineData("service.args\tweb\t/bin/true", "ok")]
    public void WithoutRoomNothingIsCreated(string line, string answer) =>
        Assert.Equal(answer, daemon.Call("Command", line, false));

    [Theory]
    [InlineData("up", "service.state\tweb\tup\t5\t77\t-\t-\t3\t-\n")]
    [InlineData("killed", "service.state\tweb\tdown\t-5\t7\tsignal\tSIGKILL\t1\t0\n")]
    [InlineData("no flags, no peer", "fd.state\tweb\tpipe\tfrom\t?\n")]
    [InlineData("flags and peer", "fd.state\tweb\tpipe\tnonblock,to\tlog\n")]
    [InlineData("many flags", "fd.state\tweb\tfile\tread,write,trunc\t/tmp/x y\n")]
    [InlineData("nothing", "service.tags\tweb\t\n")]
    [InlineData("overflow", "overflow\n")]
    [InlineData("raw", "a\tb\n")]
    [InlineData("level", "log.filter\tdebug\n")]
    [InlineData("warning", "warning\t12 more fds are not yet defined\n")]
    public void AnEventIsWritten(string which, string line) => Assert.Equal(line, daemon.Call("Event", which));

    [Theory]
    [InlineData("three values", "can't kill web (pid 77): Operation not permitted")]
    [InlineData("long name", "can't kill abcdefghijklmnopqrstuvwxyz01234 (pid 2147483647): In")]
    [InlineData("long word", "unknown flag \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    public void AnErrorIsCut(string which, string text) => Assert.Equal(text, daemon.Call("Error", which));

    [Theory]
    [InlineData("c", "config")]
    [InlineData("interactive", "interactive")]
    [InlineData("version", "version")]
    [InlineData("versiom", "")]
    [InlineData("x", "")]
    public void AnOptionIsFound(string text, string name) => Assert.Equal(name, daemon.Call("Option", text));

    [Fact]
    public void NothingIsBuiltWhenItStarts()
    {
        foreach (Type type in daemon.Assembly.GetTypes())
        {
            Assert.True(type.TypeInitializer == null, $"{type} has a static constructor");
        }
    }

    /// <summary>The real spec, generated, compiled and loaded once.</summary>
    public sealed class Daemon
    {
        private readonly Type _probe;

        /// <summary>Compiles it.</summary>
        public Daemon()
        {
            Driver driver = Driver.Run(Repository.Spec);
            Assembly = Compiled.Load(driver, Probe.Source, Handlers.For(driver));
            _probe = Assembly.GetType("Daemonproxy.Commands.Probe", throwOnError: true)!;
        }

        internal Assembly Assembly { get; }

        internal string Call(string method, params object[] arguments) =>
            (string)_probe.GetMethod(method, BindingFlags.Public | BindingFlags.Static)!.Invoke(null, arguments)!;
    }
}
