using System;
using System.Collections.Generic;

namespace Daemonproxy.PowerCommands;

/// <summary>The request of a command such as <c>reboot</c> to process 1.</summary>
internal enum PowerOrder
{
    /// <summary>None: the command only prints a text.</summary>
    None,

    Halt,
    PowerOff,
    Restart,

    /// <summary>A shell for the administrator, and nothing else.</summary>
    SingleUser,

    /// <summary>Reads its configuration again.</summary>
    Reload,
}

/// <summary>
/// A command by which scripts and people end a machine, as the program was called: <c>init</c>, <c>telinit</c>,
/// <c>halt</c>, <c>poweroff</c>, <c>reboot</c> or <c>shutdown</c>, with the options of sysvinit and busybox.
/// </summary>
internal sealed class PowerCommand
{
    private readonly List<string> _ignored = [];
    private readonly string _name;

    private PowerCommand(string name) => _name = name;

    /// <summary>The request.</summary>
    public PowerOrder Order { get; private set; }

    /// <summary>True if the machine is ended at once, by reboot(2), without a signal to process 1.</summary>
    public bool IsForced { get; private set; }

    /// <summary>True if sync(2) comes before reboot(2).</summary>
    public bool Syncs { get; private set; } = true;

    /// <summary>When.</summary>
    public PowerTime Time { get; private set; } = PowerTime.Now;

    /// <summary>Words that are accepted and do nothing.</summary>
    public List<string> Ignored => _ignored;

    /// <summary>The error of the command, without its name; null if there is none.</summary>
    public string? Problem { get; private set; }

    /// <summary>True if the program is such a command when it is called by this path, argv[0].</summary>
    public static bool TryFindName(string path, out string name)
    {
        name = path[(path.LastIndexOf('/') + 1)..];
        return name is "init" or "telinit" or "halt" or "poweroff" or "reboot" or "shutdown";
    }

    /// <summary>Reads the words behind the name.</summary>
    /// <param name="name">One of the names of <see cref="TryFindName"/>.</param>
    /// <param name="words">The arguments without argv[0].</param>
    public static PowerCommand Parse(string name, ReadOnlySpan<string> words)
    {
        PowerCommand command = new(name)
        {
            Order = name switch
            {
                "halt" => PowerOrder.Halt,
                "poweroff" => PowerOrder.PowerOff,
                "reboot" => PowerOrder.Restart,
                "shutdown" => PowerOrder.SingleUser,
                _ => PowerOrder.None,
            },
        };
        command.Read(words);
        return command;
    }

    private bool IsShutdown => _name == "shutdown";

    private bool IsInit => _name is "init" or "telinit";

    private void Read(ReadOnlySpan<string> words)
    {
        List<string> operands = [];
        for (int at = 0; at < words.Length && Problem is null; at++)
        {
            string word = words[at];
            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                ReadLong(word);
            }
            else if (word is ['-', _, ..])
            {
                ReadLetters(word, words, ref at);
            }
            else
            {
                operands.Add(word);
            }
        }

        if (Problem is null)
        {
            ReadOperands(operands);
        }
    }

    private void ReadLetters(string word, ReadOnlySpan<string> words, ref int at)
    {
        foreach (char letter in word.AsSpan(1))
        {
            bool takesValue = letter == 't' && (IsShutdown || IsInit) || (letter == 'e' && IsInit);
            if (takesValue && ++at >= words.Length)
            {
                Problem = "missing argument for -" + letter.ToString();
                return;
            }

            if (takesValue)
            {
                _ignored.Add("-" + letter.ToString() + " " + words[at]);
            }
            else if (!(IsShutdown ? TryShutdownLetter(letter) : !IsInit && TryLetter(letter)))
            {
                Problem = "unknown option -" + letter.ToString();
                return;
            }
        }
    }

    // halt(8), reboot(8), poweroff(8) of sysvinit.
    private bool TryLetter(char letter)
    {
        switch (letter)
        {
            case 'f':
                IsForced = true;
                return true;
            case 'n':
                Syncs = false;
                return true;
            case 'p':
                Order = Order == PowerOrder.Halt ? PowerOrder.PowerOff : Order;
                return true;
            case 'w':
                _ignored.Add("-w");
                Order = PowerOrder.None;
                return true;
            case 'd' or 'h' or 'i':
                _ignored.Add("-" + letter.ToString());
                return true;
            default:
                return false;
        }
    }

    // shutdown(8) of sysvinit.
    private bool TryShutdownLetter(char letter)
    {
        switch (letter)
        {
            case 'r':
                Order = PowerOrder.Restart;
                return true;
            case 'h' or 'P':
                Order = Order == PowerOrder.Halt ? Order : PowerOrder.PowerOff;
                return true;
            case 'H':
                Order = PowerOrder.Halt;
                return true;
            case 'k':
                Order = PowerOrder.None;
                _ignored.Add("-k");
                return true;
            case 'c':
                Problem = "nothing to cancel here: a shutdown that waits is a process, and ends with it";
                return true;
            case 'a' or 'f' or 'F' or 'n':
                _ignored.Add("-" + letter.ToString());
                return true;
            default:
                return false;
        }
    }

    private void ReadLong(string word)
    {
        switch (word)
        {
            case "--force" when !IsInit:
                IsForced = true;
                break;
            case "--no-sync" when !IsInit:
                Syncs = false;
                break;
            case "--halt" when !IsInit:
                Order = PowerOrder.Halt;
                break;
            case "--poweroff" when !IsInit:
                Order = PowerOrder.PowerOff;
                break;
            case "--reboot" when !IsInit:
                Order = PowerOrder.Restart;
                break;
            case "--wtmp-only" when !IsInit:
                _ignored.Add(word);
                Order = PowerOrder.None;
                break;
            case "--no-wtmp" or "--no-wall" when !IsInit:
                _ignored.Add(word);
                break;
            default:
                Problem = "unknown option " + word;
                break;
        }
    }

    private void ReadOperands(List<string> operands)
    {
        if (IsShutdown)
        {
            ReadTime(operands);
        }
        else if (IsInit)
        {
            ReadRunlevel(operands);
        }
        else
        {
            foreach (string operand in operands)
            {
                _ignored.Add(operand);
            }
        }
    }

    // The words behind the time are a message for those who are logged in.
    private void ReadTime(List<string> operands)
    {
        if (operands.Count == 0)
        {
            Problem = "missing time: now, +MINUTES or HH:MM";
        }
        else if (PowerTime.TryParse(operands[0], out PowerTime time))
        {
            Time = time;
        }
        else
        {
            Problem = "bad time \"" + operands[0] + "\": not now, +MINUTES or HH:MM";
        }

        for (int at = 1; at < operands.Count; at++)
        {
            _ignored.Add(operands[at]);
        }
    }

    // init(8) of sysvinit.
    private void ReadRunlevel(List<string> operands)
    {
        if (operands.Count != 1)
        {
            Problem = "expected one of 0, 1, 6, s and q; process 1 is there already";
            return;
        }

        switch (operands[0])
        {
            case "0":
                Order = PowerOrder.PowerOff;
                break;
            case "6":
                Order = PowerOrder.Restart;
                break;
            case "1" or "s" or "S":
                Order = PowerOrder.SingleUser;
                break;
            case "q" or "Q":
                Order = PowerOrder.Reload;
                break;
            case "2" or "3" or "4" or "5" or "u" or "U" or "a" or "b" or "c" or "A" or "B" or "C":
                _ignored.Add(operands[0]);
                break;
            default:
                Problem = "unknown runlevel \"" + operands[0] + "\"";
                break;
        }
    }
}
