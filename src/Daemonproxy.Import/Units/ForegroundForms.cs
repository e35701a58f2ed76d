using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Daemonproxy.Import.Units;

/// <summary>
/// The options that keep common programs in the foreground, from their manual pages, for Type=forking.
/// </summary>
internal static class ForegroundForms
{
    /// <summary>The command for the foreground, with an explanation; null for an unknown program.</summary>
    public static (List<string> Words, string How)? Find(List<string> words)
    {
        string program = Path.GetFileName(words[0]);
        return program switch
        {
            "nginx" => Nginx(words),
            "apache2" or "httpd" => With(words, "-DFOREGROUND"),
            "apache2ctl" or "apachectl" => Replace(words, "start", "-DFOREGROUND"),
            "chronyd" or "proftpd" or "radvd" => With(words, "-n"),
            "dnsmasq" => With(words, "-k"),
            "gpsd" => With(words, "-N"),
            "ntpd" => With(words, "-d"),
            "smtpd" => With(words, "-F"),
            "hostapd" => Without(words, "-B"),
            "varnishncsa" => Without(words, "-D"),
            "postfix" => Replace(words, "start", "start-fg"),
            "pg_ctlcluster" => With(words, "--foreground"),
            _ => null,
        };
    }

    private static (List<string> Words, string How) With(List<string> words, string option) =>
        (words.Contains(option) ? words : [.. words, option], option);

    private static (List<string> Words, string How)? Without(List<string> words, string option) =>
        words.Contains(option)
            ? ([.. words.Where(word => word != option)], $"without {option}")
            : null;

    private static (List<string> Words, string How)? Replace(List<string> words, string word, string other) =>
        words.Contains(word) ? ([.. words.Select(one => one == word ? other : one)], other) : null;

    // -g may have the directive already.
    private static (List<string> Words, string How) Nginx(List<string> words)
    {
        const string off = "daemon off;";
        List<string> changed =
            [.. words.Select(static word => word.Replace("daemon on;", off, StringComparison.Ordinal))];
        return changed.Exists(static word => word.Contains(off, StringComparison.Ordinal))
            ? (changed, off)
            : ([.. words, "-g", off], off);
    }
}
