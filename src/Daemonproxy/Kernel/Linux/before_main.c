/* Runs before the .NET runtime does, and replaces functions of the C library that the runtime calls. It is C
 * because no C# can run before the runtime, and because the linker replaces functions by C functions (--wrap).
 * - argv and envp are those that the C library has when it starts the program: it moves the text of GLIBC_TUNABLES, a
 *   preloaded library may have edited the environment, and `ld.so PROGRAM` has shifted the arguments.
 * - The runtime sees an empty environment: DOTNET_* is meant for services, and some of its values end the process.
 * - So are settings of malloc(3): with a huge MALLOC_TOP_PAD_ it gives no memory, and the runtime ends without a word.
 * - The runtime creates one thread, for finalizers. The daemon has none, and a runtime that gets no thread ends.
 * - The collector sizes itself by files below /proc and /sys. Its size is fixed by the project file, so these files
 *   are reported as missing, as they really are for a process 1 that has mounted nothing yet.
 * - The runtime reads /proc/self/maps for the bounds of the stack. All frames that it looks for are below argv.
 * - libm would be loaded for one function of the sampling of allocations, which is off: events are disabled.
 * - The collector excludes what it reserves from core dumps and includes what it uses, by a call for each. What nobody
 *   has touched takes no room in a core dump anyway.
 * - It reserves address space in pieces, makes each accessible page by page, and gives back what alignment wastes: some
 *   twenty system calls. It gets one accessible piece instead, unless memory is limited or it gives back a part.
 *   Large pages are refused for it, madvise(2): the first touch of one would take 2 MB.
 * - Where the runtime gets no memory, it ends without a word: resource_limits.c raises limits, and tries what is left. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/vfs.h>
#include <unistd.h>

#define STACK_BYTES (1 << 20)
#define ROOM_BYTES (11 << 20) /* the heap's 10 MB, see the project file, and its tables */
extern const char __security_cookie[], daemonproxy_wait[];
extern const char _DYNAMIC[] __attribute__((weak));
long __real_sysconf(int name);
int __real_madvise(void *address, size_t bytes, int advice), __real_munmap(void *address, size_t bytes);
int __real_mprotect(void *address, size_t bytes, int protection);
void *__real_mmap64(void *address, size_t bytes, int protection, int flags, int fd, off_t offset);
struct saved_limits { uint64_t fields[11]; };
void daemonproxy_raise_limits(struct saved_limits *saved), daemonproxy_require_limits(int is_check, int has_memory);
static struct { char **arguments, **environment; long count, is_run_by_loader; struct saved_limits limits; } start;
static char *no_environment[1];
static struct { char *first, *last, *next, *end; int has_gaps; } room; /* of the collector; last: its last reservation */

static int is_unlimited(int resource)
{
	struct rlimit limit;
	return getrlimit(resource, &limit) == 0 && limit.rlim_cur == RLIM_INFINITY;
}

static void make_room(void)
{
	if (!is_unlimited(RLIMIT_AS) || !is_unlimited(RLIMIT_DATA))
		return;
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
	char *memory = __real_mmap64(NULL, ROOM_BYTES, PROT_READ | PROT_WRITE, flags, -1, 0);
	if (memory == MAP_FAILED)
		return;
	(void)__real_madvise(memory, ROOM_BYTES, MADV_NOHUGEPAGE);
	room.first = room.last = room.next = memory, room.end = memory + ROOM_BYTES;
}

static void before_main(int count, char **arguments, char **environment)
{
	start.count = count, start.arguments = arguments, start.environment = environment, environ = no_environment;
	start.is_run_by_loader = _DYNAMIC && getauxval(AT_BASE) == 0; /* dynamic, and the kernel loaded no loader */
	daemonproxy_raise_limits(&start.limits);
	mallopt(M_TOP_PAD, 128 << 10); /* the default */
	make_room();
	/* --check: ResumeArguments.cs */
	daemonproxy_require_limits(count > 1 && strcmp(arguments[1], "--check") == 0, room.first != NULL);
}
__attribute__((section(".init_array.00101"), used)) static void (*const entry)(int, char **, char **) = before_main;

__attribute__((visibility("hidden"))) const void *daemonproxy_start(void) /* the first call of Main */
{
	return environ = start.environment, &start;
}

__attribute__((visibility("hidden"))) const void *daemonproxy_kept(int which) /* ConstantPages.cs */
{
	return which ? __security_cookie : daemonproxy_wait;
}

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *a, void *(*f)(void *), void *argument)
{
	return (void)a, (void)f, (void)argument, *thread = pthread_self(), 0;
}

int __wrap_pthread_getattr_np(pthread_t thread, pthread_attr_t *attributes)
{
	uintptr_t top = ((uintptr_t)((void)thread, start.arguments) | 4095) + 1;
	return pthread_attr_init(attributes) || pthread_attr_setstack(attributes, (void *)(top - STACK_BYTES), STACK_BYTES);
}

long __wrap_sysconf(int name)
{
	return name == _SC_NPROCESSORS_ONLN || name == _SC_NPROCESSORS_CONF ? 1 : __real_sysconf(name);
}

int __wrap_madvise(void *address, size_t bytes, int advice)
{
	return advice == MADV_DONTDUMP || advice == MADV_DODUMP ? 0 : __real_madvise(address, bytes, advice);
}

static int is_in_room(char *address, size_t bytes)
{
	return room.first && address >= room.first && address < room.end && bytes <= (size_t)(room.end - address);
}

void *__wrap_mmap64(void *address, size_t bytes, int protection, int flags, int fd, off_t offset)
{
	size_t page = getauxval(AT_PAGESZ), pages = (bytes + page - 1) & -page;
	if (!address && protection == PROT_NONE && fd == -1 && pages <= (size_t)(room.end - room.next)) {
		room.last = room.next;
		return room.next += pages, room.last;
	}
	room.has_gaps |= is_in_room(address, bytes); /* MAP_FIXED: it takes access away again */
	return __real_mmap64(address, bytes, protection, flags, fd, offset);
}

int __wrap_mprotect(void *address, size_t bytes, int protection)
{
	int is_inside = is_in_room(address, bytes), is_access = protection == (PROT_READ | PROT_WRITE);
	room.has_gaps |= is_inside && !is_access;
	return is_inside && !room.has_gaps ? 0 : __real_mprotect(address, bytes, protection);
}

int __wrap_munmap(void *address, size_t bytes)
{
	/* The beginning or the end of the last reservation: nobody has touched it. */
	char *first = address;
	if (is_in_room(first, bytes) && (first == room.last || first + bytes == room.next))
		return 0;
	room.has_gaps |= is_in_room(first, bytes);
	return __real_munmap(address, bytes);
}

FILE *__wrap_fopen64(const char *p, const char *m) { (void)p, (void)m, errno = ENOENT; return NULL; }
DIR *__wrap_opendir(const char *path) { (void)path, errno = ENOENT; return NULL; }
int __wrap_statfs64(const char *p, struct statfs *s) { (void)p, (void)s, errno = ENOENT; return -1; }
double __wrap_log(double x) { (void)x; __builtin_trap(); }
