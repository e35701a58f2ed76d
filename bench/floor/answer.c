/* How long a byte takes there and back, between two processes that do nothing else, while a bare loop of vfork, exec
 * and wait runs beside them, one run after the other.
 *
 * usage: answer PROGRAM COUNT
 *
 * Asks every millisecond. Prints the p50 and the p99 of the answers alone, and beside the loop, in nanoseconds. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hosted.h"

static void answer(int input, int output)
{
    char byte;
    while (read(input, &byte, 1) == 1 && write(output, &byte, 1) == 1) {
    }
    _exit(0);
}

static void loop(char *program)
{
    char *words[] = { program, NULL };
    for (;;) {
        pid_t child = vfork();
        if (child == 0) {
            execve(words[0], words, environ);
            _exit(127);
        }
        /* As burst.c, it does not wait for the end before the next start. */
        while (waitpid(-1, NULL, WNOHANG) > 0) {
        }
    }
}

static void ask(const char *what, int count, int to, int from)
{
    long *times = calloc((size_t)count, sizeof(long));
    char byte = 'x';
    for (int asked = 0; times && asked < count; asked++) {
        long begin = now();
        if (write(to, &byte, 1) != 1 || read(from, &byte, 1) != 1)
            exit(3);
        times[asked] = now() - begin;
        usleep(1000);
    }
    sort(times, count);
    printf("answer %s p50\t%ld\n", what, times[count / 2]);
    printf("answer %s p99\t%ld\n", what, times[count * 99 / 100]);
    free(times);
}

int main(int argc, char **argv)
{
    int count = argc == 3 ? atoi(argv[2]) : 0;
    int there[2], back[2];
    if (count < 1 || pipe(there) || pipe(back))
        return 2;
    pid_t other = fork();
    if (other == 0)
        answer(there[0], back[1]);
    ask("alone", count, there[1], back[0]);
    fflush(stdout);
    pid_t runs = fork();
    if (runs == 0)
        loop(argv[1]);
    ask("beside a loop", count, there[1], back[0]);
    kill(runs, SIGKILL);
    kill(other, SIGKILL);
    return 0;
}
