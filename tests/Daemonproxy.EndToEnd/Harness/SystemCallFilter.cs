using System.Globalization;
using System.Runtime.InteropServices;

namespace Daemonproxy.EndToEnd.Harness;

/// <summary>
/// Makes the kernel refuse one system call to a program and to all that it starts: a filter of seccomp(2), installed
/// by Python before it executes the program.
/// </summary>
internal static class SystemCallFilter
{
    // Its arguments: the number of the call, the value of its first argument or -1 for any, the errno, the program. The
    // filter loads the call at 0 and the lower half of the argument at 16 of struct seccomp_data. Root needs no
    // PR_SET_NO_NEW_PRIVS (38) for it.
    private const string Installer = """
        import ctypes, os, struct, sys
        call, argument, reason = (int(word) for word in sys.argv[1:4])
        refuse, allow = (6, 0, 0, 0x00050000 | reason), (6, 0, 0, 0x7FFF0000)
        program = [(0x20, 0, 0, 0), (0x15, 0, 3, call), (0x20, 0, 0, 16), (0x15, 0, 1, argument), refuse, allow] \
            if argument >= 0 else [(0x20, 0, 0, 0), (0x15, 0, 1, call), refuse, allow]
        text = ctypes.create_string_buffer(b''.join(struct.pack('HBBI', *one) for one in program))
        filter = struct.pack('HxxxxxxP', len(program), ctypes.addressof(text))
        libc = ctypes.CDLL(None, use_errno=True)
        assert os.geteuid() == 0 or libc.prctl(38, 1, 0, 0, 0) == 0
        assert libc.prctl(22, 2, ctypes.c_char_p(filter), 0, 0) == 0
        os.execv(sys.argv[4], sys.argv[4:])
        """;

    /// <summary>Words in front of a program to which clone3(2) is unknown, as before Linux 5.3.</summary>
    public static string[] WithoutClone3 => Refusing(435, -1, 38);

    /// <summary>Words in front of a program to which rt_sigaction(2) is forbidden: EPERM.</summary>
    public static string[] WithoutSignalActions =>
        Refusing(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 13 : 134, -1, 1);

    /// <summary>Words in front of a program to which an operation of prctl(2) is forbidden: EPERM.</summary>
    public static string[] WithoutControl(int operation) =>
        Refusing(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 157 : 167, operation, 1);

    private static string[] Refusing(int call, int argument, int reason) =>
        ["/usr/bin/env", "python3", "-ISc", Installer, Text(call), Text(argument), Text(reason)];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
