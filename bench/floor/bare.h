/* System calls without a C library: what a process is before any library has started. Linux, x64 and arm64. */
#ifndef BARE_H
#define BARE_H

typedef struct { long seconds, nanoseconds; } bare_time;

#if defined(__x86_64__)
enum { SYS_READ = 0, SYS_WRITE = 1, SYS_PAUSE = 34, SYS_CLONE = 56, SYS_EXECVE = 59, SYS_CLOCK = 228,
       SYS_EXIT = 231, SYS_OPENAT = 257, SYS_MKNODAT = 259 };

/* The entry of a program that wants its arguments: calls BEGIN with the initial stack, argc and argv. */
#define ENTRY(begin) __asm__(".globl _start\n_start: mov %rsp, %rdi\n and $-16, %rsp\n call " #begin "\n")

static inline long call4(long number, long a, long b, long c, long d)
{
    long result;
    register long r10 __asm__("r10") = d;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10)
                     : "rcx", "r11", "memory");
    return result;
}

static inline long call3(long number, long a, long b, long c)
{
    return call4(number, a, b, c, 0);
}

static inline void wait_for_ever(void)
{
    for (;;)
        call3(SYS_PAUSE, 0, 0, 0);
}
#elif defined(__aarch64__)
enum { SYS_MKNODAT = 33, SYS_OPENAT = 56, SYS_READ = 63, SYS_WRITE = 64, SYS_PPOLL = 73, SYS_EXIT = 94,
       SYS_CLOCK = 113, SYS_CLONE = 220, SYS_EXECVE = 221 };

#define ENTRY(begin) __asm__(".globl _start\n_start: mov x0, sp\n b " #begin "\n")

static inline long call4(long number, long a, long b, long c, long d)
{
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
    return x0;
}

static inline long call3(long number, long a, long b, long c)
{
    return call4(number, a, b, c, 0);
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
