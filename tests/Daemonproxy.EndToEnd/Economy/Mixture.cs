namespace Daemonproxy.EndToEnd.Economy;

/// <summary>Twenty lines of all kinds, good ones and bad ones; what they make they delete again.</summary>
internal static class Mixture
{
    public static readonly string[] Lines =
    [
        "echo⇥hello", "service.tags⇥t⇥one⇥two", "service.args⇥t⇥/bin/true⇥argument", "service.fds⇥t⇥null⇥-⇥nowhere",
        "service.auto_up⇥t⇥5⇥USR1", "service.auto_up⇥t⇥-", "service.start⇥t⇥2147483647", "service.start⇥t⇥-",
        "service.delete⇥t", "fd.pipe⇥p⇥q", "fd.pipe⇥q⇥p⇥nonblock", "fd.open⇥o⇥read⇥/dev/null", "fd.delete⇥o",
        "fd.delete⇥p", "fd.delete⇥q", "log.filter⇥warning", "no.such.command", "service.signal⇥none⇥TERM", "# comment",
        "stats⇥turns",
    ];
}
