using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Daemonproxy.Manager.Texts;

/// <summary>The meaning of the symbol of an error, strerror(3).</summary>
public static class ErrnoText
{
    private static readonly Dictionary<string, int> _numbers = new()
    {
        ["EPERM"] = 1,
        ["ENOENT"] = 2,
        ["ESRCH"] = 3,
        ["EIO"] = 5,
        ["E2BIG"] = 7,
        ["ENOEXEC"] = 8,
        ["EBADF"] = 9,
        ["EAGAIN"] = 11,
        ["ENOMEM"] = 12,
        ["EACCES"] = 13,
        ["EBUSY"] = 16,
        ["EEXIST"] = 17,
        ["ENODEV"] = 19,
        ["ENOTDIR"] = 20,
        ["EISDIR"] = 21,
        ["EINVAL"] = 22,
        ["ENFILE"] = 23,
        ["EMFILE"] = 24,
        ["ENOTTY"] = 25,
        ["ETXTBSY"] = 26,
        ["ENOSPC"] = 28,
        ["EROFS"] = 30,
        ["EPIPE"] = 32,
        ["ERANGE"] = 34,
        ["ENAMETOOLONG"] = 36,
        ["ENOSYS"] = 38,
        ["ELOOP"] = 40,
        ["ELIBBAD"] = 80,
        ["ETIMEDOUT"] = 110,
        ["EDQUOT"] = 122,
    };

    /// <summary>The number of an error; 0 if it is not known here.</summary>
    /// <param name="symbol">Its symbol, such as <c>ENOENT</c>.</param>
    public static int NumberOf(string symbol) => _numbers.GetValueOrDefault(symbol);

    /// <summary>The text of an error; the symbol if it is not known here.</summary>
    /// <param name="symbol">Its symbol, such as <c>ENOENT</c>.</param>
    public static string Of(string symbol) => _numbers.TryGetValue(symbol, out int number)
        ? Marshal.GetPInvokeErrorMessage(number)
        : symbol;
}
