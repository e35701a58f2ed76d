using System;
using System.Collections.Generic;

namespace Daemonproxy.Import.Compose;

/// <summary>The reasons why keys of a compose file cannot be carried over.</summary>
internal static class ComposeReasons
{
    private const string NoContainer = "there is no container: it sees the machine";

    private static readonly Dictionary<string, string> _reasons = new(StringComparer.Ordinal)
    {
        ["build"] = "nothing is built: install what the Dockerfile makes, and write its command",
        ["networks"] = "there are no networks: services reach each other at 127.0.0.1",
        ["network_mode"] = "there are no networks: services reach each other at 127.0.0.1",
        ["links"] = "there are no networks: services reach each other at 127.0.0.1",
        ["external_links"] = "there are no networks: services reach each other at 127.0.0.1",
        ["extra_hosts"] = "names are those of the machine: /etc/hosts",
        ["dns"] = "names are those of the machine: /etc/resolv.conf",
        ["dns_search"] = "names are those of the machine: /etc/resolv.conf",
        ["hostname"] = NoContainer,
        ["domainname"] = NoContainer,
        ["container_name"] = "its name is that of the service",
        ["privileged"] = "it has the rights of its user: root, unless user is given",
        ["devices"] = "it sees the devices of the machine",
        ["secrets"] = "there are no secrets: see env-file",
        ["configs"] = "there are no configs: its files are those of the machine",
        ["logging"] = "output goes where the daemon's goes: see log",
        ["labels"] = "there are no labels",
        ["annotations"] = "there are no labels",
        ["tty"] = "it has no terminal",
        ["stdin_open"] = "its standard input is empty",
        ["init"] = "the daemon reaps what is left",
        ["read_only"] = "mounts can make places read-only: \"ro=/\"",
        ["tmpfs"] = "mounts can have it: \"tmp=PATH\"",
        ["shm_size"] = "/dev/shm is the machine's",
        ["sysctls"] = "they are those of the machine: sysctl.d(5)",
        ["cap_drop"] = "only ALL can be dropped: see caps= in process",
        ["develop"] = "files are not watched",
        ["pid"] = NoContainer,
        ["ipc"] = NoContainer,
        ["userns_mode"] = NoContainer,
        ["platform"] = NoContainer,
        ["pull_policy"] = "no image is pulled",
        ["runtime"] = NoContainer,
        ["post_start"] = "no command runs behind a start",
        ["pre_stop"] = "no command runs before a stop",
    };

    /// <summary>The reason for a key of a service.</summary>
    public static string For(string key) => _reasons.GetValueOrDefault(key, "the manager's file has nothing like it");

    /// <summary>The reason for a key of the file.</summary>
    public static string ForTop(string key) => key switch
    {
        "volumes" => "there are no volumes: make directories",
        "networks" => "there are no networks: services reach each other at 127.0.0.1",
        "secrets" or "configs" => "its files are those of the machine",
        _ => "there is no such key",
    };
}
