/* How soon a process 1 has started its first service: in PID namespaces of their own, in turn, the bare `init` and
 * another program are executed, until `stamp`, which either is to start, tells the time of its first instruction.
 *
 * usage: boot RUNS INIT STAMP PROGRAM WORD...
 *
 * Prints p50 and the best of both, in nanoseconds from before execve(2). */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hosted.h"

static void tell(const char *what, long *times, int count)
{
    sort(times, count);
    printf("%s p50\t%ld\n%s best\t%ld\n", what, times[count / 2], what, times[0]);
}

/* One start; below 0: it did not come to the stamp. */
static long run(char **words, long *begin)
{
    int ends[2];
    long first = -1;
    if (pipe(ends) != 0)
        return -1;
    pid_t child = syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, 0, 0, 0, 0);
    if (child == 0) {
        dup2(ends[1], 1);
        close(ends[0]);
        close(ends[1]);
        *begin = now();
        execv(words[0], words);
        _exit(127);
    }
    close(ends[1]);
    if (child > 0) {
        if (read(ends[0], &first, sizeof first) != sizeof first)
            first = -1;
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
    close(ends[0]);
    return first < 0 ? -1 : first - *begin;
}

int main(int argc, char **argv)
{
    int runs = argc > 4 ? atoi(argv[1]) : 0;
    long *bare = calloc(runs + 1, sizeof *bare), *other = calloc(runs + 1, sizeof *other);
    long *begin = mmap(NULL, sizeof *begin, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (runs < 1 || !bare || !other || begin == MAP_FAILED)
        return 2;
    char *words[] = { argv[2], argv[3], NULL };
    for (int at = 0; at < runs; at++) {
        bare[at] = run(words, begin);
        other[at] = run(argv + 4, begin);
        if (bare[at] < 0 || other[at] < 0)
            return 3;
    }
    tell("bare", bare, runs);
    tell("program", other, runs);
    return 0;
}
