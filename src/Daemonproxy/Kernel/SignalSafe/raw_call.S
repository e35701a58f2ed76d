// A system call that leaves errno alone: daemonproxy_raw_call(number, a, b, c, d, e) returns what the kernel returns, a
// negative errno on failure. Neither C# nor a function of the C library can do it: syscall(2) sets errno, which a child
// that shares our memory shares with us, and a thread area of its own cannot be made without the C library's private
// layout of it. C passes the number first; the kernel takes it in a register of its own.
//
// The line .file is what the debug information has of this file. Without it, clang 14 would write the path of the file,
// whatever prefix map it is given, and the linker's build number, which is made of that too, would differ with the
// directory.
        .file   0 "/daemonproxy" "raw_call.S"
        .text
        .globl  daemonproxy_raw_call
        .hidden daemonproxy_raw_call
        .type   daemonproxy_raw_call, %function
daemonproxy_raw_call:
#if defined(__x86_64__)
        endbr64
        movq    %rdi, %rax
        movq    %rsi, %rdi
        movq    %rdx, %rsi
        movq    %rcx, %rdx
        movq    %r8, %r10
        movq    %r9, %r8
        syscall
        ret
#elif defined(__aarch64__)
        mov     x8, x0
        mov     x0, x1
        mov     x1, x2
        mov     x2, x3
        mov     x3, x4
        mov     x4, x5
        svc     #0
        ret
#else
#error "x64 and arm64 only"
#endif
        .size   daemonproxy_raw_call, . - daemonproxy_raw_call

// A child on a stack of its own: daemonproxy_raw_clone3(arguments, size, entry, plan) returns its process ID, or a negative
// errno. The child calls entry(plan), which does not return. The C library has no function for clone3(2).
        .globl  daemonproxy_raw_clone3
        .hidden daemonproxy_raw_clone3
        .type   daemonproxy_raw_clone3, %function
daemonproxy_raw_clone3:
#if defined(__x86_64__)
        endbr64
        movq    %rdx, %r8
        movq    %rcx, %r9
        movl    $435, %eax
        syscall
        testq   %rax, %rax
        jz      1f
        ret
1:      xorl    %ebp, %ebp
        movq    %r9, %rdi
        call    *%r8
        ud2
#else
        mov     x4, x2
        mov     x5, x3
        mov     x8, #435
        svc     #0
        cbz     x0, 1f
        ret
1:      mov     x29, #0
        mov     x30, #0
        mov     x0, x5
        blr     x4
        brk     #0
#endif
        .size   daemonproxy_raw_clone3, . - daemonproxy_raw_clone3
        .section .note.GNU-stack, "", %progbits
