using System;

namespace Daemonproxy.Import;

/// <summary>The systems whose definitions can be imported.</summary>
public enum ImportKind
{
    /// <summary>Service directories of runit.</summary>
    Runit,

    /// <summary>Service directories of s6, and definition directories of s6-rc.</summary>
    S6,

    /// <summary>Service directories of daemontools.</summary>
    Daemontools,

    /// <summary>The configuration of supervisord.</summary>
    Supervisord,

    /// <summary>Units of systemd.</summary>
    Systemd,

    /// <summary>A Procfile, as foreman runs it.</summary>
    Procfile,

    /// <summary>A compose file.</summary>
    Compose,
}

/// <summary>The words for kinds.</summary>
public static class ImportKinds
{
    /// <summary>All words.</summary>
    public static string[] Words { get; } =
        ["runit", "s6", "daemontools", "supervisord", "systemd", "procfile", "compose"];

    /// <summary>The kind of a word; null if it names none.</summary>
    public static ImportKind? Find(string word) =>
        Array.IndexOf(Words, word) is >= 0 and var index ? (ImportKind)index : null;
}
