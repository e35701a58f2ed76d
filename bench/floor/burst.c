/* What many launches at once cost at the least: vfork and exec of all of them, then wait for all of them.
 *
 * usage: burst PROGRAM RUNS
 *
 * Prints the mean of a run, in nanoseconds. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hosted.h"

static pid_t launch(char **words)
{
    pid_t child = vfork();
    if (child == 0) {
        execve(words[0], words, environ);
        _exit(127);
    }
    return child;
}

int main(int argc, char **argv)
{
    int runs = argc == 3 ? atoi(argv[2]) : 0;
    if (runs < 1)
        return 2;
    char *words[] = { argv[1], NULL };
    long begin = now();
    for (int run = 0; run < runs; run++) {
        if (launch(words) < 0)
            return 3;
    }
    for (int run = 0; run < runs; run++) {
        int status;
        if (wait(&status) < 0 || status != 0)
            return 4;
    }
    printf("all at once, wall per run\t%ld\n", (now() - begin) / runs);
    return 0;
}
