/* Prints the addresses of a program's instructions, in the order of their first execution: profile PROGRAM [ARGUMENT…]
 * runs it as process 1 of a namespace, instruction by instruction, ptrace(2), until five services have been executed.
 * A process between clone(2) and execve(2) is a part of the program. What a process 1 requests of the console succeeds
 * without being done, seccomp(2): the machine's stays as it is. Needs root. Addresses are those of the file: of a program
 * that is not position independent. */
#define _GNU_SOURCE
#include <elf.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <stddef.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SERVICES = 5, MOST = 1 << 24 };
static unsigned char is_seen[MOST];

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void keep_console(void)
{
	struct sock_filter steps[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_reboot, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = { sizeof steps / sizeof *steps, steps };
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0)
		die("profile: seccomp");
}

static void note(pid_t process)
{
	struct user_regs_struct registers;
	struct iovec room = { &registers, sizeof registers };
	if (ptrace(PTRACE_GETREGSET, process, NT_PRSTATUS, &room) != 0) return;
#if defined(__x86_64__)
	uintptr_t at = registers.rip;
#else
	uintptr_t at = registers.pc;
#endif
	if (at < MOST && !is_seen[at]++) printf("%lx\n", (unsigned long)at);
}

int main(int count, char **arguments)
{
	if (count < 2 || unshare(CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS) != 0) die("profile: unshare");
	pid_t first = fork();
	if (first == 0) {
		if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 || mount("proc", "/proc", "proc", 0, NULL) != 0)
			die("profile: mount");
		keep_console();
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		execv(arguments[1], arguments + 1);
		die(arguments[1]);
	}
	int status, services = 0;
	long options = PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
	if (waitpid(first, &status, 0) != first || !WIFSTOPPED(status)) return 1;
	ptrace(PTRACE_SETOPTIONS, first, NULL, options);
	note(first);
	ptrace(PTRACE_SINGLESTEP, first, NULL, NULL);
	for (pid_t process; (process = waitpid(-1, &status, __WALL)) > 0;) {
		if (!WIFSTOPPED(status)) continue;
		int signal = WSTOPSIG(status), event = status >> 16;
		if (event == PTRACE_EVENT_EXEC) {
			ptrace(PTRACE_DETACH, process, NULL, NULL);
			if (++services == SERVICES) break;
			continue;
		}
		note(process);
		if (signal == SIGTRAP || signal == SIGSTOP) signal = 0;
		ptrace(PTRACE_SINGLESTEP, process, NULL, (long)signal);
	}
	kill(first, SIGKILL);
	return services == SERVICES ? 0 : 1;
}
