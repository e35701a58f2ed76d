/* The least that a process 1 can do: runs the program that it is given, and stays.
 *
 * usage: init PROGRAM */
#include "bare.h"

enum { SIGCHLD = 17 };

__attribute__((used)) static void begin(long *stack)
{
    char **words = (char **)(stack + 2);
    char *none[] = { 0 };
    if (call3(SYS_CLONE, SIGCHLD, 0, 0) == 0) {
        call3(SYS_EXECVE, (long)words[0], (long)words, (long)none);
        call3(SYS_EXIT, 127, 0, 0);
    }
    wait_for_ever();
}

ENTRY(begin);
