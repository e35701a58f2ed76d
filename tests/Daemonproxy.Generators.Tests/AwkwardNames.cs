using System;
using System.Collections.Generic;

namespace Daemonproxy.Generators.Tests;

/// <summary>Names that C#, .NET, the runtime or the generated code have already, as a spec would write them.</summary>
internal static class AwkwardNames
{
    private const string Keywords =
        "abstract as base bool byte case char class const default delegate do else enum event false fixed for foreach "
        + "if in int interface internal is lock long namespace new null object operator out params private public "
        + "readonly ref return sealed short sizeof static string struct switch this throw true try typeof uint unsafe "
        + "using virtual void volatile while";

    private const string Contextual =
        "add alias and async await by dynamic extension field file from get global init into let nameof nint not "
        + "notnull on or orderby partial record remove required scoped select set unmanaged value var when where with "
        + "yield";

    private const string Members =
        "clone deconstruct equality-contract equals finalize get-hash-code get-type memberwise-clone print-members "
        + "reference-equals to-string";

    private const string Types =
        "argument-out-of-range-exception attribute console exception flags index math memory-extensions range "
        + "span system task type command-id command-line command-result daemon daemon-event daemonproxy errno "
        + "error-id error-kind errors line-writer event-reader field-list field-reader infos instant kernel limits log "
        + "log-messages name pid protocol seconds signal text-list time unknown warnings wire-name client";

    private const string Made =
        "a a-event a-field a-index a-is-dash a-name a-number a-s a-set a-state a-text a-value a-words as "
        + "argument-types b-c a-b c apply apply-a close-descriptor comma command-dispatch count cut descriptor dispose "
        + "empty error field-count fields find found handler has-extra has-room-for-a i-command-handler "
        + "i-option-handler id is-constant-a is-counted left length line longest longest-a longest-answer none "
        + "option-dispatch option-id other read read-lines run run-a send text text-write to try-find-a try-parse "
        + "word word-name write wrong x1";

    /// <summary>All of them, each once.</summary>
    public static string[] All { get; } = Split(Keywords, Contextual, Members, Types, Made);

    private static string[] Split(params string[] texts)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            names.UnionWith(text.Split(' '));
        }

        return [.. names];
    }
}
