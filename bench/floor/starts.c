/* How long programs take to start, by turns in one run: from before execve(2) to the end of `PROGRAM --version`, and to
 * the first instruction of the first service. `stamp` tells the time of its first instruction.
 *
 * usage: starts RUNS CONFIG PROGRAM...     CONFIG: one that starts `stamp`, or "-": to the end only
 *
 * Prints for each program: the best, the first quartile and the median, in microseconds, and the page faults. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hosted.h"

enum { MOST = 16 };

/* One start; below 0: it failed. */
static long run(char **words, int is_service, long *begin, long *faults)
{
    int ends[2];
    long first = -1, end;
    struct rusage usage;
    if (pipe(ends) != 0)
        return -1;
    pid_t child = vfork();
    if (child == 0) {
        dup2(ends[1], 1);
        close(ends[0]);
        close(ends[1]);
        *begin = now();
        execv(words[0], words);
        _exit(127);
    }
    close(ends[1]);
    if (is_service) {
        if (read(ends[0], &first, sizeof first) != sizeof first)
            first = -1;
        kill(child, SIGKILL);
    }
    wait4(child, NULL, 0, &usage);
    end = now();
    close(ends[0]);
    *faults = usage.ru_minflt;
    return is_service ? (first < 0 ? -1 : first - *begin) : end - *begin;
}

int main(int argc, char **argv)
{
    int runs = argc > 3 ? atoi(argv[1]) : 0, programs = argc - 3;
    static long *times[MOST], faults[MOST], begin;
    if (runs < 1 || programs > MOST)
        return 2;
    for (int program = 0; program < programs; program++)
        times[program] = calloc(runs, sizeof **times);
    for (int at = 0; at < runs; at++) {
        for (int program = 0; program < programs; program++) {
            char *service[] = { argv[program + 3], "-qqq", "-c", argv[2], NULL };
            char *version[] = { argv[program + 3], "--version", NULL };
            int is_service = argv[2][0] != '-';
            times[program][at] = run(is_service ? service : version, is_service, &begin, &faults[program]);
            if (times[program][at] < 0)
                return 3;
        }
    }
    for (int program = 0; program < programs; program++) {
        sort(times[program], runs);
        printf("%-44s best %5ld  quartile %5ld  median %5ld  faults %ld\n", argv[program + 3], times[program][0] / 1000,
               times[program][runs / 4] / 1000, times[program][runs / 2] / 1000, faults[program]);
    }
    return 0;
}
