// Waits with little in memory: daemonproxy_wait(ranges, end, epoll, events, most, milliseconds) gives the pages of each
// range (an address and a length) back, madvise(2) with MADV_DONTNEED, and then waits, epoll_pwait(2) without a mask. It
// returns what that returns, a negative errno on failure.
//
// It is assembler because it must not touch a page that it has given back: the kernel would bring that page back with the
// fifteen beside it, and they would stay for the whole wait. So it calls nothing, and lies in one page, which
// ConstantPages leaves out. It uses the stack below the stack pointer, which handlers of signals pass over.
//
// The line .file is there for the reason that raw_call.S gives.
        .file   0 "/daemonproxy" "give_back.S"
        .text
        .p2align 7
        .globl  daemonproxy_wait
        .hidden daemonproxy_wait
        .type   daemonproxy_wait, %function
daemonproxy_wait:
#if defined(__x86_64__)
        endbr64
        movq    %rsi, -8(%rsp)
        movq    %rdx, -16(%rsp)
        movq    %rcx, -24(%rsp)
        movq    %rdi, %r10
1:      cmpq    -8(%rsp), %r10
        jae     2f
        movq    (%r10), %rdi
        movq    8(%r10), %rsi
        movl    $4, %edx
        movl    $28, %eax
        syscall
        addq    $16, %r10
        jmp     1b
2:      movq    -16(%rsp), %rdi
        movq    -24(%rsp), %rsi
        movq    %r8, %rdx
        movq    %r9, %r10
        xorl    %r8d, %r8d
        movl    $281, %eax
        syscall
        ret
#elif defined(__aarch64__)
        mov     x6, x0
        mov     x7, x1
        mov     x9, x2
        mov     x10, x3
1:      cmp     x6, x7
        b.hs    2f
        ldp     x0, x1, [x6], #16
        mov     x2, #4
        mov     x8, #233
        svc     #0
        b       1b
2:      mov     x0, x9
        mov     x1, x10
        mov     x2, x4
        mov     x3, x5
        mov     x4, #0
        mov     x5, #8
        mov     x8, #22
        svc     #0
        ret
#else
#error "x64 and arm64 only"
#endif
        .size   daemonproxy_wait, . - daemonproxy_wait
// An error when it is longer, and so might lie in two pages.
        .org    daemonproxy_wait + 128
        .section .note.GNU-stack, "", %progbits
