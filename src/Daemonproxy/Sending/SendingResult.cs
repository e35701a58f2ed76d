namespace Daemonproxy.Sending;

/// <summary>The result of a client of the control socket.</summary>
internal enum SendingResult
{
    /// <summary>It has not ended.</summary>
    None,

    /// <summary>All lines were answered, or the last one ended the connection.</summary>
    Success,

    /// <summary>The same, and one of the answers was an error.</summary>
    HasError,

    /// <summary>The daemon has not answered the first mark in time. No line was run.</summary>
    NoAnswer,

    /// <summary>The daemon has said nothing for too long. Lines that were sent may have run, or will.</summary>
    Silence,

    /// <summary>The connection ended before the last line was answered.</summary>
    ConnectionLost,

    /// <summary>Answers were discarded, since standard output was not read for too long.</summary>
    AnswersLost,

    /// <summary>Standard input cannot be read.</summary>
    BadInput,

    /// <summary>Standard output cannot be written.</summary>
    BadOutput,

    /// <summary>Standard output has no reader, which is not an error: no message is printed.</summary>
    ReaderGone,
}
