using System;
using System.CommandLine;
using Daemonproxy.Fleet;

namespace Daemonproxy.Agent.Commands;

/// <summary>The options that say where Redis is.</summary>
internal sealed class RedisOptions
{
    private readonly Option<string> _redis = new("--redis")
    {
        Description = "host:port of Redis, or the path of its socket; several of a cluster with commas",
        HelpName = "PLACE",
        DefaultValueFactory = static _ => Environment.GetEnvironmentVariable("DAEMONPROXY_REDIS") ?? "localhost:6379",
    };

    private readonly Option<string> _user = new("--redis-user")
    {
        Description = "the user of its ACL",
        HelpName = "USER",
        DefaultValueFactory = static _ => "",
    };

    private readonly Option<string> _password = new("--redis-password-file")
    {
        Description = "the file whose first line is the password",
        HelpName = "FILE",
        DefaultValueFactory = static _ => "",
    };

    private readonly Option<bool> _tls = new("--redis-tls")
    {
        Description = "speak TLS with it; the machine has to trust its certificate",
    };

    private readonly Option<string> _fleet = new("--fleet")
    {
        Description = "the name of the fleet, which its keys begin with",
        HelpName = "NAME",
        DefaultValueFactory = static _ => "daemonproxy",
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_redis, _user, _password, _tls, _fleet])
        {
            command.Options.Add(option);
        }
    }

    public FleetOptions Read(ParseResult line) => new()
    {
        Redis = line.GetValue(_redis)!,
        User = line.GetValue(_user)!,
        PasswordFile = line.GetValue(_password)!,
        Tls = line.GetValue(_tls),
        Fleet = line.GetValue(_fleet)!,
    };
}
