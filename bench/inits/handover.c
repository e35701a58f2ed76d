/* The hand-over to process 1: tells the kernel's log, which notes the time, and executes what is to be measured.
 *
 * usage: handover PROGRAM [WORD...] */
#include "../floor/bare.h"

enum { HERE = -100, WRITE = 1, CLOSE_ON_EXEC = 02000000 };

__attribute__((used)) static void begin(long *stack)
{
    static const char said[] = "handover\n";
    char **words = (char **)(stack + 2);
    char *variables[] = { "PATH=/sbin:/bin:/usr/sbin:/usr/bin", "HOME=/", "TERM=linux", 0 };
    long log = call4(SYS_OPENAT, HERE, (long)"/dev/kmsg", WRITE | CLOSE_ON_EXEC, 0);
    call3(SYS_WRITE, log, (long)said, sizeof said - 1);
    call3(SYS_EXECVE, (long)words[0], (long)words, (long)variables);
    call3(SYS_EXIT, 127, 0, 0);
}

ENTRY(begin);
