/* Writes the time of its first instruction to standard output, 8 bytes, and stays until it is killed. */
#include "bare.h"

void _start(void)
{
    long time = now();
    call3(SYS_WRITE, 1, (long)&time, sizeof time);
    wait_for_ever();
}
