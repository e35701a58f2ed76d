using System;
using System.CommandLine;
using Daemonproxy.Fleet;

namespace Daemonproxy.Agent.Commands;

/// <summary>The options for the connection to Redis.</summary>
internal sealed class RedisOptions
{
    private readonly Option<string> _redis = new("--redis")
    {
        Description = "host:port of Redis, or the path of its socket; several with commas",
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
        Description = "speak TLS with it",
    };

    private readonly Option<string> _authority = new("--redis-ca-file")
    {
        Description = "certificates of authorities to trust for it, PEM, in the place of those of the machine",
        HelpName = "FILE",
        DefaultValueFactory = static _ => "",
    };

    private readonly Option<string> _certificate = new("--redis-cert-file")
    {
        Description = "certificate and key of this client, PEM, where it asks for one",
        HelpName = "FILE",
        DefaultValueFactory = static _ => "",
    };

    private readonly Option<string> _fleet = new("--fleet")
    {
        Description = "the name of the fleet, which its keys begin with",
        HelpName = "NAME",
        DefaultValueFactory = static _ => "daemonproxy",
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_redis, _user, _password, _tls, _authority, _certificate, _fleet])
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
        AuthorityFile = line.GetValue(_authority)!,
        CertificateFile = line.GetValue(_certificate)!,
        Fleet = line.GetValue(_fleet)!,
    };
}
