using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Daemonproxy.Tests.Simulation;

namespace Daemonproxy.Tests.Transcripts;

/// <summary>Does what the lines of a transcript say, and collects what comes out.</summary>
internal sealed class Stage : IDisposable
{
    private readonly SimWorld _world = new();
    private readonly StageActions _actions;
    private readonly List<string> _seen = [];
    private bool _hasEnded;
    private bool _isInBackground;

    public SimWorld World => _world;

    public Stage() => _actions = new StageActions(_world, _seen);

    /// <summary>One line of the transcript; what came out, line by line.</summary>
    public IReadOnlyList<string> Do(string line)
    {
        _seen.Clear();
        try
        {
            Act(line);
        }
        catch (Exception e) when (e is not SimulationException && _world.Daemon is not null)
        {
            Crash(line, e);
        }

        Tell(_world.Session);
        foreach (SimPeer peer in _world.Services)
        {
            Tell(peer);
        }

        Tell(_world.LogReader);
        TellEnd();
        return _seen.ConvertAll(WithoutBuild);
    }

    public void Dispose() => _world.Dispose();

    private void Act(string line)
    {
        int arrow = line.IndexOf('>', StringComparison.Ordinal);
        if (line.StartsWith("$ ", StringComparison.Ordinal))
        {
            string[] words = line[2..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            _world.Start(Array.ConvertAll(words[1..], Notation.Decode));
        }
        else if (line.StartsWith("* ", StringComparison.Ordinal))
        {
            _actions.Do(line[2..]);
        }
        else
        {
            string name = line[..arrow];
            SimPeer? peer = name.Length == 0 ? _world.Session : _world.PeerOf(name);
            string text = line[(arrow + 1)..];
            text = Notation.Decode(text.StartsWith(' ') ? text[1..] : text);
            bool isUnfinished = text.EndsWith("\u00C2\u00AC", StringComparison.Ordinal);
            byte[] bytes = Encoding.Latin1.GetBytes(isUnfinished ? text[..^2] : text + "\n");
            (peer ?? throw new SimulationException($"{name} is no controller")).Send(bytes);
            _world.Settle();
        }
    }

    private void Crash(string line, Exception reason)
    {
        // At a named point, the exception is the one that was asked for.
        bool isMeant = reason is SimulatedCrash || line.Contains("crash", StringComparison.Ordinal)
            || reason.StackTrace!.Contains(nameof(State.StateImage) + ".Fire", StringComparison.Ordinal);
        _seen.Add(isMeant ? "= the daemon crashes" : $"= the daemon crashes: {reason.Message}");
        _world.Resume();
        try
        {
            _world.Settle();
        }
        catch (Exception e) when (e is not SimulationException && _world.Daemon is not null)
        {
            Crash(line, e);
        }
    }

    private void Tell(SimPeer peer)
    {
        string received = peer.TakeReceived();
        string prefix = peer == _world.LogReader ? "log:" : peer.Name + "<";
        for (int at = 0; at < received.Length;)
        {
            int end = received.IndexOf('\n', at);
            string line = end < 0 ? received[at..] : received[at..end];
            string text = Notation.Encode(line);
            int times = end < 0 ? 1 : TimesAt(received, at, end + 1 - at);
            string often = times > 1 ? string.Create(CultureInfo.InvariantCulture, $" (×{times})") : "";
            _seen.Add($"{prefix} {text}{(end < 0 ? "¬" : "")}{often}");
            at = end < 0 ? received.Length : at + ((end + 1 - at) * times);
        }
    }

    // How often a line comes again and again; few times are not worth saying.
    private static int TimesAt(string text, int at, int length)
    {
        const int FewestTimes = 4;
        int times = 1;
        while (string.CompareOrdinal(text, at, text, at + (times * length), length) == 0)
        {
            times++;
        }

        return times < FewestTimes ? 1 : times;
    }

    // What differs from build to build does not belong into a file.
    private static string WithoutBuild(string line) => line
        .Replace("version " + Encoding.UTF8.GetString(BuildInfo.Version), "version VERSION", StringComparison.Ordinal)
        .Replace(Encoding.UTF8.GetString(BuildInfo.Timestamp), "TIMESTAMP", StringComparison.Ordinal)
        .Replace(Encoding.UTF8.GetString(BuildInfo.GitHead), "HEAD", StringComparison.Ordinal);

    private void TellEnd()
    {
        if (_world.ParentExitCode is int parentCode && !_isInBackground)
        {
            _isInBackground = true;
            _seen.Add(string.Create(CultureInfo.InvariantCulture, $"= the parent exits {parentCode}"));
        }

        if (_world.Kernel.Executed is SimExecution executed && !_hasEnded)
        {
            _hasEnded = true;
            _seen.Add("= executed " + Notation.Encode(string.Join('\t', executed.Arguments)));
            foreach (string variable in executed.Environment)
            {
                _seen.Add("= with " + Notation.Encode(variable));
            }

            _seen.Add("= and descriptors " + string.Join(' ', executed.Descriptors));
        }

        if (_world.ExitCode is int code && !_hasEnded)
        {
            _hasEnded = true;
            _seen.Add(string.Create(CultureInfo.InvariantCulture, $"= the daemon exits {code}"));
        }
    }
}
