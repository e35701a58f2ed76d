using System;
using System.Threading;
using System.Threading.Tasks;

namespace Daemonproxy.Client.Tests.Harness;

/// <summary>The time after which a test fails. Nothing waits that long when all is well.</summary>
internal static class Patience
{
    private static readonly TimeSpan _whole = TimeSpan.FromSeconds(60);

    public static CancellationToken Token => new CancellationTokenSource(_whole).Token;

    public static Task<T> Within<T>(this Task<T> task) => task.WaitAsync(_whole);

    public static Task Within(this Task task) => task.WaitAsync(_whole);
}
