/* Raises the limits under which this program could not be executed or could not start, setrlimit(2). It is C because it
 * is called before the runtime starts, as well as by the crash handler and by cloned children: see before_main.c. They
 * must leave errno alone, so it makes raw system calls. With CAP_SYS_RESOURCE it raises hard limits, too. Services get
 * the old limits: Main puts them back when all is allocated. */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MB (1 << 20)
#define LENGTH 5 /* the same as SavedLimits.Count */

struct saved_limits { uint64_t raised; struct { uint64_t soft, hard; } old[LENGTH]; };

/* 8 MB of stack is what systems give; without a bound the kernel would lay out memory in another way. The number of
 * descriptors is LinuxSystemCalls.HighestDescriptor. */
static const struct { long resource; uint64_t wanted; } limits[LENGTH] = {
	{ RLIMIT_AS, UINT64_MAX }, { RLIMIT_DATA, UINT64_MAX }, { RLIMIT_STACK, 8 * MB },
	{ RLIMIT_NOFILE, 65536 + 1024 }, { RLIMIT_FSIZE, UINT64_MAX },
};

long daemonproxy_raw_call(long number, long a, long b, long c, long d, long e);

/* Notes the old limit of each resource that it raises; what is noted already stays. */
__attribute__((visibility("hidden"))) void daemonproxy_raise_limits(struct saved_limits *saved)
{
	for (int i = 0; i < LENGTH; i++) {
		uint64_t old[2], wanted[2] = { limits[i].wanted, limits[i].wanted };
		if (daemonproxy_raw_call(SYS_prlimit64, 0, limits[i].resource, 0, (long)old, 0) < 0 || old[0] >= wanted[0])
			continue;
		wanted[1] = old[1] > wanted[1] ? old[1] : wanted[1];
		if (daemonproxy_raw_call(SYS_prlimit64, 0, limits[i].resource, (long)wanted, 0, 0) < 0) {
			wanted[0] = wanted[1] = old[1];
			if (daemonproxy_raw_call(SYS_prlimit64, 0, limits[i].resource, (long)wanted, 0, 0) < 0)
				continue;
		}
		if (!(saved->raised >> i & 1))
			saved->old[i].soft = old[0], saved->old[i].hard = old[1];
		saved->raised |= (uint64_t)1 << i;
	}
}

/* 0, or the errno. */
static int try_memory(size_t bytes, int protection)
{
	void *memory = mmap(NULL, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return memory != MAP_FAILED && munmap(memory, bytes) == 0 ? 0 : errno;
}

/* What the runtime ends without, or NULL. A filter may refuse system calls, seccomp(2). */
static const char *find_missing(int is_check, int has_memory)
{
	struct rlimit stack = { RLIM_INFINITY, RLIM_INFINITY };
	struct sigaction action;
	int space = has_memory ? 0 : try_memory(16 * MB, PROT_NONE);
	int data = has_memory ? 0 : try_memory(1 * MB, PROT_READ | PROT_WRITE);
	return space == ENOMEM ? "RLIMIT_AS is too low"
		: data == ENOMEM ? "RLIMIT_DATA is too low"
		: space || data ? "a filter refuses mmap(2) or munmap(2)"
		: sigaction(SIGUSR1, NULL, &action) < 0 ? "a filter refuses rt_sigaction(2)"
		: is_check && getrlimit(RLIMIT_STACK, &stack) == 0 && stack.rlim_cur < MB / 16 ? "RLIMIT_STACK is too low" : NULL;
}

/* Before the runtime starts: ends with a sentence where it would get too little, instead of without a word. The check of
 * an upgrade answers on its output, and also knows that the daemon has more arguments than the check. has_memory: the
 * collector has its memory already. */
__attribute__((visibility("hidden"))) void daemonproxy_require_limits(int is_check, int has_memory)
{
	const char *missing = find_missing(is_check, has_memory);
	if (!missing)
		return;
	dprintf(is_check ? 1 : 2, "%s%s\n", is_check ? "daemonproxy cannot resume: " : "fatal: ", missing);
	_exit(3);
}
