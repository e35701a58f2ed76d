using System;
using System.Collections.Generic;

namespace Daemonproxy.Import.Units;

/// <summary>
/// The settings that are lists, the settings without effect, and the reasons why others cannot be carried over.
/// </summary>
internal static class UnitReasons
{
    private static readonly HashSet<string> _lists = new(StringComparer.Ordinal)
    {
        "ExecStart", "ExecStartPre", "ExecStartPost", "ExecStop", "ExecStopPost", "ExecReload", "ExecCondition",
        "Environment", "EnvironmentFile", "PassEnvironment", "UnsetEnvironment", "SupplementaryGroups",
        "RuntimeDirectory", "StateDirectory", "CacheDirectory", "LogsDirectory", "ConfigurationDirectory",
        "ReadWritePaths", "ReadOnlyPaths", "InaccessiblePaths", "ReadWriteDirectories", "ReadOnlyDirectories",
        "InaccessibleDirectories", "ExecPaths", "NoExecPaths", "BindPaths", "BindReadOnlyPaths",
        "TemporaryFileSystem", "SystemCallFilter", "SystemCallLog", "RestrictAddressFamilies", "DeviceAllow",
        "SuccessExitStatus", "RestartPreventExitStatus", "RestartForceExitStatus", "LoadCredential",
        "SetCredential", "LogExtraFields", "IPAddressAllow", "IPAddressDeny", "IODeviceWeight",
        "IOReadBandwidthMax", "IOWriteBandwidthMax", "Documentation", "OnFailure", "OnSuccess", "After", "Before",
        "Requires", "Requisite", "Wants", "BindsTo", "PartOf", "Upholds", "Conflicts", "RequiresMountsFor",
        "JoinsNamespaceOf", "PropagatesReloadTo", "ReloadPropagatedFrom", "Sockets", "WantedBy", "RequiredBy",
        "Alias", "Also", "CapabilityBoundingSet", "AmbientCapabilities",
    };

    private static readonly Dictionary<string, string> _reasons = new(StringComparer.Ordinal)
    {
        ["OnFailure"] = "nothing is started at a failure: dpctl events shows it",
        ["OnSuccess"] = "nothing is started at an end",
        ["RequiresMountsFor"] = "file systems are not mounted by the manager",
        ["StopWhenUnneeded"] = "a service goes on when nobody needs it any more",
        ["RefuseManualStart"] = "anybody who may use dpctl may start it",
        ["RefuseManualStop"] = "anybody who may use dpctl may stop it",
        ["PropagatesReloadTo"] = "a reload reaches one service",
        ["ReloadPropagatedFrom"] = "a reload reaches one service",
        ["JoinsNamespaceOf"] = "each service has a mount namespace of its own",
        ["ExecCondition"] = "a condition goes with no commands before it, no other user and no Restart=always",
        ["ExecStartPost"] = "no command runs behind a start: put it into the command, or into a service that needs it",
        ["UnsetEnvironment"] = "a variable of the daemon cannot be taken out: clear-env takes out all",
        ["RestartForceExitStatus"] = "no exit code is restarted against the rule",
        ["RemainAfterExit"] = "a service that has ended is down",
        ["BusName"] = "it counts only with Type=dbus",
        ["RuntimeMaxSec"] = "a run has no longest time",
        ["TimeoutAbortSec"] = "a watchdog stops it as any stop does",
        ["FileDescriptorStoreMax"] = "no descriptors are kept: it begins without those of FDSTORE=1",
        ["USBFunctionDescriptors"] = "there is no such thing",
        ["FailureAction"] = "the machine is not restarted for a service",
        ["SuccessAction"] = "the machine is not restarted for a service",
        ["StartLimitAction"] = "the machine is not restarted for a service",
        ["JobTimeoutSec"] = "there are no jobs: see ready-within",
        ["JobTimeoutAction"] = "there are no jobs: see ready-within",
        ["SendSIGKILL"] = "a stop always ends in SIGKILL",
        ["SendSIGHUP"] = "a stop sends one signal",
        ["FinalKillSignal"] = "the last signal is SIGKILL",
        ["RestartKillSignal"] = "a restart stops it as any stop does",
        ["WatchdogSignal"] = "a watchdog stops it as any stop does",
        ["Slice"] = "there are no slices: see cgroup",
        ["Delegate"] = "its control group belongs to the daemon",
        ["SyslogIdentifier"] = "its output has no name: a logger of its own can give it one",
        ["StandardInput"] = "its standard input is empty",
        ["TTYPath"] = "the manager's file cannot open a terminal for it",
        ["TTYReset"] = "the manager's file cannot open a terminal for it",
        ["TTYVHangup"] = "the manager's file cannot open a terminal for it",
        ["TTYVTDisallocate"] = "the manager's file cannot open a terminal for it",
        ["DynamicUser"] = "there are no users made for a run",
        ["PAMName"] = "there is no PAM session",
        ["RootImage"] = "images are not mounted",
        ["LoadCredential"] = "there are no credentials: see env-file",
        ["SetCredential"] = "there are no credentials: see env-file",
        ["SystemCallFilter"] = "system calls are not filtered",
        ["SystemCallArchitectures"] = "system calls are not filtered",
        ["SystemCallErrorNumber"] = "system calls are not filtered",
        ["MemoryDenyWriteExecute"] = "system calls are not filtered",
        ["RestrictRealtime"] = "system calls are not filtered",
        ["RestrictSUIDSGID"] = "system calls are not filtered",
        ["RestrictAddressFamilies"] = "system calls are not filtered",
        ["RestrictNamespaces"] = "system calls are not filtered",
        ["LockPersonality"] = "system calls are not filtered",
        ["ProtectClock"] = "system calls are not filtered",
        ["ProtectHostname"] = "it has no name space for the host name",
        ["PrivateNetwork"] = "it has no name space for the network",
        ["PrivateUsers"] = "it has no name space for users",
        ["PrivateIPC"] = "it has no name space for IPC",
        ["PrivateMounts"] = "mounts gives it a mount namespace if it has a word",
        ["ProtectProc"] = "/proc is the daemon's",
        ["ProcSubset"] = "/proc is the daemon's",
        ["ProtectKernelModules"] = "system calls are not filtered: see caps= in process",
        ["RemoveIPC"] = "what it leaves in IPC stays",
        ["DeviceAllow"] = "access to devices is not filtered: see dev in mounts",
        ["DevicePolicy"] = "access to devices is not filtered: see dev in mounts",
        ["NoExecPaths"] = "mounts has no word for it",
        ["ExecPaths"] = "mounts has no word for it",
        ["IPAddressAllow"] = "addresses are not filtered",
        ["IPAddressDeny"] = "addresses are not filtered",
        ["KeyringMode"] = "it has the daemon's keyring",
        ["SecureBits"] = "the manager's file has no key for it",
        ["MemoryLimit"] = "it is MemoryMax= by now",
    };

    private static readonly HashSet<string> _texts = new(StringComparer.Ordinal)
    {
        "Description", "Documentation", "SourcePath", "DefaultDependencies", "IgnoreOnIsolate", "AllowIsolate",
        "Alias", "Also", "DefaultInstance",
    };

    /// <summary>Returns true if several assignments of a key make a list.</summary>
    public static bool IsList(string key) => _lists.Contains(key)
        || key.StartsWith("Condition", StringComparison.Ordinal)
        || key.StartsWith("Assert", StringComparison.Ordinal);

    /// <summary>Returns true for a key without effect here.</summary>
    public static bool IsText(string key) => _texts.Contains(key);

    /// <summary>Returns the reason why a setting was not carried over.</summary>
    public static string For(string key) => _reasons.GetValueOrDefault(key, "the manager's file has nothing like it");
}
