using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Daemonproxy.Import.Model;
using Daemonproxy.Import.Reading;

namespace Daemonproxy.Import.Units;

/// <summary>The commands of a unit, and the variables in them.</summary>
internal sealed partial class ServiceConverter
{
    private const string Root = "root";
    private const string Behind = "ExecStartPost";

    private void ReadEnvironment()
    {
        foreach (UnitSetting setting in _unit.FindAll(Section, "Environment"))
        {
            foreach (string word in Words(setting))
            {
                int equals = word.IndexOf('=', StringComparison.Ordinal);
                if (equals > 0)
                {
                    _service.Environment[word[..equals]] = word[(equals + 1)..];
                }
                else
                {
                    _service.Not(setting.Place, $"Environment={word}", "it is not KEY=VALUE");
                }
            }
        }

        var own = new OrderedDictionary<string, string>(_service.Environment);
        foreach (UnitSetting setting in _unit.FindAll(Section, "EnvironmentFile"))
        {
            ReadEnvironmentFile(setting);
        }

        foreach (UnitSetting setting in _unit.FindAll(Section, "PassEnvironment"))
        {
            _service.Remarks.Add($"{setting.Text}: it gets all variables of the daemon anyway.");
        }

        _variables = new CommandVariables(own, _fileVariables, _hasFiles);
    }

    // In a unit the file takes precedence over Environment=; in the manager's file env takes precedence over env-file.
    private void ReadEnvironmentFile(UnitSetting setting)
    {
        string value = Expand(setting);
        bool mayBeMissing = value.StartsWith('-');
        string path = mayBeMissing ? value[1..] : value;
        if (!Path.IsPathRooted(path) || path.AsSpan().ContainsAny("*?["))
        {
            Not(setting, "only the path of one file can be carried over");
            return;
        }

        _hasFiles = true;
        foreach ((string name, string text) in EnvironmentFiles.Add(
            _service, path, mayBeMissing, setting.Place, setting.Text) ?? [])
        {
            _fileVariables[name] = text;
            if (_service.EnvironmentFiles.Count > 0 && _service.Environment.Remove(name))
            {
                _service.Remarks.Add($"{name} is in {path}, too, which counts.");
            }
        }
    }

    private void ReadCommands()
    {
        List<UnitCommand> starts = Commands("ExecStart");
        foreach (UnitCommand command in Commands("ExecStartPre"))
        {
            AddPre(command);
        }

        if (_type == "oneshot" && starts.Count > 0)
        {
            AddBehind(starts);
            starts.SkipLast(1).ToList().ForEach(AddPre);
        }

        foreach (UnitCommand command in Commands("ExecStopPost"))
        {
            _service.Post.Add(new(Plain(command), UserOf(command)));
            if (command.Words.Exists(static word => word.Contains("$EXIT_", StringComparison.Ordinal)
                || word.Contains("SERVICE_RESULT", StringComparison.Ordinal)))
            {
                Not(command.Setting, "it runs; EXIT_CODE is the code itself here, and there is no SERVICE_RESULT");
            }
        }

        AddReload(Commands("ExecReload"));
        AddStop(Commands("ExecStop"));
        if (starts.Count == 0)
        {
            _service.Refuse(_unit.Place, _unit.Name.Text, "it has no ExecStart=");
            return;
        }

        UnitCommand start = starts[^1];
        if (starts.Count > 1 && _type != "oneshot")
        {
            Not(starts[0].Setting, "only the last ExecStart= is used: the type is not oneshot");
        }

        if (start.IsPrivileged && ValueOf("User") is not null)
        {
            Not(start.Setting, "a prefix + or ! cannot be carried over: it runs as its user");
        }

        _mayFail = start.MayFail;
        _service.Command = WithConditions(
            _type == "forking" ? Foreground(start) : start.Setting.Key == Behind ? PlainOrFail(start) : Plain(start));
    }

    // A task runs its commands one after the other. So those behind its start are its last ones.
    private void AddBehind(List<UnitCommand> starts)
    {
        for (int number = 0; number < starts.Count; number++)
        {
            starts[number] = starts[number] with { IsOfStart = true };
        }

        List<UnitCommand> behind = Commands(Behind);
        if (behind.Count > 0 && UserOf(behind[^1]).Length == 0)
        {
            _hasBehind = true;
            starts.AddRange(behind);
        }
    }

    private List<string> Foreground(UnitCommand start)
    {
        UnitSetting type = _unit.Find(Section, "Type") ?? start.Setting;
        if (ForegroundForms.Find(start.Words) is { } form)
        {
            _service.Not(type.Place, "Type=forking", $"it runs in the foreground: {form.How}");
            return Plain(start with { Words = form.Words });
        }

        string program = Path.GetFileName(start.Words[0]);
        _service.Refuse(
            type.Place,
            "Type=forking",
            $"it goes into the background, where nobody can wait for it: give {program} the option that keeps it in "
            + "the foreground");
        return Plain(start);
    }

    private void AddPre(UnitCommand command)
    {
        _service.Pre.Add(new(PlainOrFail(command), UserOf(command)));
    }

    private List<string> PlainOrFail(UnitCommand command)
    {
        List<string> words = Plain(command);
        return command.MayFail ? ["/bin/sh", "-c", "\"$@\" || :", "sh", .. words] : words;
    }

    // A signal for the main process is one; whatever else there is, one command does it all.
    private void AddReload(List<UnitCommand> commands)
    {
        if (commands.Count == 0)
        {
            _service.ReloadSignal = _type == "notify-reload"
                ? UnitValue.Signal(ValueOf("ReloadSignal") ?? "") ?? "SIGHUP"
                : "";
        }
        else if (commands is [{ } only] && SignalOfKill(only.Words) is { } signal)
        {
            _service.ReloadSignal = signal;
        }
        else
        {
            _service.ReloadCommand = OneOf(commands);
        }
    }

    private void AddStop(List<UnitCommand> commands)
    {
        if (commands.Count == 0 || (commands is [{ } only] && TakeStop(only)))
        {
            return;
        }

        if (_type == "oneshot")
        {
            Not(commands[0].Setting, "a task that has ended has no stop: run it by hand");
            return;
        }

        _service.StopCommand = OneOf(commands);
    }

    // As for systemd, one that fails is the last, unless it may fail.
    private string LineOf(List<UnitCommand> commands) => string.Join(" && ", commands.Select(command =>
    {
        string line = string.Join(' ', Plain(command).Select(ShellWords.Quote));
        return command.MayFail ? $"{{ {line} || :; }}" : line;
    }));

    private ImportedCommand OneOf(List<UnitCommand> commands)
    {
        if (commands is [{ MayFail: false } only])
        {
            return new(Plain(only), UserOf(only));
        }

        return new(["/bin/sh", "-c", LineOf(commands)], commands.Select(UserOf).FirstOrDefault(
            static user => user.Length > 0, ""));
    }

    // What has a prefix, and all but the service itself where only that has the user.
    private string UserOf(UnitCommand command) =>
        HasUser() && (command.IsPrivileged || (IsOn("PermissionsStartOnly") && !command.IsOfStart)) ? Root : "";

    private bool HasUser() => ValueOf("User") is { Length: > 0 } and not Root and not "0";

    private List<string> Plain(UnitCommand command)
    {
        if (command.CalledAs is { } name)
        {
            Not(command.Setting, $"a program cannot be called {name} when its file is another one");
        }

        List<string> words = _variables!.Apply(command, out List<string> frozen);
        foreach (string variable in frozen.Distinct())
        {
            Not(command.Setting, $"${variable} has quotes, so it stands here as it is now");
        }

        return words;
    }

    private List<UnitCommand> Commands(string key)
    {
        List<UnitCommand> commands = [];
        foreach (UnitSetting setting in _unit.FindAll(Section, key))
        {
            try
            {
                commands.AddRange(UnitCommand.Parse(setting, word => Expand(word, setting)));
            }
            catch (FormatException problem)
            {
                Not(setting, problem.Message);
            }
        }

        return commands;
    }

    private List<string> Words(UnitSetting setting)
    {
        try
        {
            return [.. UnitWords.Split(setting.Value).Select(word => Expand(word, setting))];
        }
        catch (FormatException problem)
        {
            Not(setting, problem.Message);
            return [];
        }
    }

    // The steps that systemd runs as root before the start of a service with a user.
    private ImportedService? Preparation()
    {
        List<List<string>> commands = [.. DirectoryCommands()];
        if (commands.Count == 0)
        {
            return null;
        }

        string original = $"{_unit.Name.Text}, as root";
        var preparation = new ImportedService(original, $"{_unit.Name.Base}.prep", _unit.Place)
        {
            Command = commands[^1],
            Ready = "exit",
            IsDisabled = true,
            IsRefused = _service.IsRefused,
            Umask = "022",
        };
        preparation.Pre.AddRange(commands[..^1].Select(static words => new ImportedCommand(words)));
        preparation.Remarks.Add($"What {_unit.Name.Text} needs as root, done before its first start.");
        _service.Needs.Add(new Dependency(original, _unit.Place, "what is done as root before it"));
        return preparation;
    }
}
