/* System calls without a C library: what a process is before any library has started. Linux, x64 and arm64. */
#ifndef BARE_H
#define BARE_H

typedef struct { long seconds, nanoseconds; } bare_time;

#if defined(__x86_64__)
enum { SYS_WRITE = 1, SYS_PAUSE = 34, SYS_EXIT = 231, SYS_CLOCK = 228 };

static inline long call3(long number, long a, long b, long c)
{
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
    return result;
}

static inline void wait_for_ever(void)
{
    for (;;)
        call3(SYS_PAUSE, 0, 0, 0);
}
#elif defined(__aarch64__)
enum { SYS_WRITE = 64, SYS_PPOLL = 73, SYS_EXIT = 94, SYS_CLOCK = 113 };

static inline long call3(long number, long a, long b, long c)
{
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = 0;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
    return x0;
}

static inline void wait_for_ever(void)
{
    for (;;)
        call3(SYS_PPOLL, 0, 0, 0);
}
#endif

/* Nanoseconds of CLOCK_MONOTONIC, by the system call itself. */
static inline long now(void)
{
    bare_time time;
    call3(SYS_CLOCK, 1, (long)&time, 0);
    return time.seconds * 1000000000 + time.nanoseconds;
}

#endif
