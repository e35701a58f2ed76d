/* What launching costs at the least: vfork, exec and wait in a loop, with nothing around it.
 *
 * usage: spawn PROGRAM RUNS STAMPS
 *
 * PROGRAM is `stamp`; its standard output is the file STAMPS, which gets the first and the last instruction of each run.
 * Prints p50 and p99 of start to first instruction and of last instruction to the return of wait(2), and the mean of
 * a whole run; all in nanoseconds. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hosted.h"

static void tell(const char *what, long *times, int count)
{
    sort(times, count);
    printf("%s p50\t%ld\n%s p99\t%ld\n", what, times[count / 2], what, times[count * 99L / 100]);
}

int main(int argc, char **argv)
{
    int runs = argc == 4 ? atoi(argv[2]) : 0;
    int stamps = argc == 4 ? open(argv[3], O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600) : -1;
    long *starts = calloc(runs + 1, sizeof *starts), *ends = calloc(runs + 1, sizeof *ends);
    if (runs < 1 || stamps < 0 || !starts || !ends)
        return 2;
    char *words[] = { argv[1], NULL };
    long begin = now();
    for (int run = 0; run < runs; run++) {
        int status;
        starts[run] = now();
        pid_t child = vfork();
        if (child == 0) {
            dup2(stamps, 1);
            execve(argv[1], words, environ);
            _exit(127);
        }
        if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
            return 3;
        ends[run] = now();
    }
    long whole = (now() - begin) / runs;
    for (int run = 0; run < runs; run++) {
        long stamp[2];
        if (pread(stamps, stamp, sizeof stamp, run * sizeof stamp) != sizeof stamp)
            return 4;
        starts[run] = stamp[0] - starts[run];
        ends[run] -= stamp[1];
    }
    tell("start to first instruction", starts, runs);
    tell("last instruction to wait", ends, runs);
    printf("whole run\t%ld\n", whole);
    return 0;
}
