/* Writes the time of its first instruction to standard output, then the time of its last, 8 bytes each, and ends. */
#include "bare.h"

void _start(void)
{
    long time = now();
    call3(SYS_WRITE, 1, (long)&time, sizeof time);
    time = now();
    call3(SYS_WRITE, 1, (long)&time, sizeof time);
    call3(SYS_EXIT, 0, 0, 0);
    __builtin_unreachable();
}
