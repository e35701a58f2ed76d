using System;

namespace VerifyXunit;

/// <summary>The output differs from the verified one.</summary>
public sealed class VerifyException : Exception
{
    /// <summary>Says nothing about the difference.</summary>
    public VerifyException()
    {
    }

    /// <summary>Says what differs.</summary>
    public VerifyException(string message)
        : base(message)
    {
    }

    /// <summary>Says what differs, and what it follows from.</summary>
    public VerifyException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
