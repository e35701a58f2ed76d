using System;
using System.Collections.Generic;
using System.IO;
using Daemonproxy.Manager.Definitions;

namespace Daemonproxy.Manager.Files;

/// <summary>
/// Reads the addresses of listeners: <c>"tcp:*:80"</c>, <c>"udp:127.0.0.1:53"</c>, <c>"unix:/run/web.sock"</c>.
/// </summary>
internal static class ListenerReader
{
    /// <summary>Returns the listener of a key; null if it is wrong, which is reported.</summary>
    public static ListenerDefinition? Read(string key, TableReader listen, string directory)
    {
        switch (listen.Take(key))
        {
            case TomlText:
                return Read(key, key, listen, directory, []);
            case not TomlTable:
                listen.Add(
                    listen.PlaceOf(key),
                    $"'{key}' must be an address, such as \"tcp:*:80\", or a table with 'address'");
                return null;
        }

        if (listen.Table(key) is not { } table)
        {
            return null;
        }

        List<string> options = [];
        if (table.Text("mode") is { } mode)
        {
            options.Add($"mode={mode}");
        }

        if (table.Text("owner") is { } owner)
        {
            options.Add($"owner={owner}");
        }

        if (table.Flag("nonblock"))
        {
            options.Add("nonblock");
        }

        long? backlog = table.Number("backlog", 1, 65535);
        ListenerDefinition? listener = Read(key, "address", table, directory, options, backlog);
        table.Finish();
        return listener;
    }

    private static ListenerDefinition? Read(
        string name, string key, TableReader table, string directory, List<string> options, long? backlog = null)
    {
        string text = table.Text(key) ?? "";
        (string kind, string address) = text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
            ? (text[..colon], text[(colon + 1)..])
            : ("", text);
        bool isSix = kind.EndsWith('6') || address.StartsWith('[');
        string listen = backlog is { } length ? $"listen={length}" : "listen";
        string? flags = kind switch
        {
            "tcp" or "tcp6" => isSix ? $"inet6,stream,{listen}" : $"tcp,{listen}",
            "udp" or "udp6" => isSix ? "inet6,dgram,bind" : "udp,bind",
            "unix" => $"unix,stream,{listen},mkdir",
            "unix-dgram" => "unix,dgram,bind,mkdir",
            "unix-seqpacket" => $"unix,seqpacket,{listen},mkdir",
            _ => null,
        };
        bool isUnix = kind.StartsWith("unix", StringComparison.Ordinal);
        if (flags is null || address.Length == 0 || (!isUnix && !HasPort(address)))
        {
            table.Refuse(
                key,
                $"'{text}' is not an address: "
                + "\"tcp:*:80\", \"tcp:[::1]:80\", \"udp:127.0.0.1:53\" or \"unix:/path\"");
            return null;
        }

        return new ListenerDefinition(
            name,
            string.Join(',', [flags, .. options]),
            isUnix && !address.StartsWith('@') ? Path.GetFullPath(address, directory) : address);
    }

    private static bool HasPort(string address) =>
        address.LastIndexOf(':') is > 0 and var colon && ushort.TryParse(address.AsSpan(colon + 1), out _);
}
