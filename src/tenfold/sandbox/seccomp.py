"""The system calls a box may make: an allowlist, compiled by libseccomp.

Everything else fails with ENOSYS, so programs fall back as on an older kernel (glibc from clone3 to clone,
whose flags a filter can read). What people expect to be forbidden rather than absent (mount, ptrace, keyctl
…) fails with EPERM. The list follows what container engines allow by default, less what a lab never needs.
"""

from __future__ import annotations

import ctypes
import errno
import os
from functools import cache

_ALLOWED = """
accept accept4 access alarm arch_prctl bind brk capget capset chdir chmod chown clock_getres clock_gettime
clock_nanosleep close close_range connect copy_file_range creat dup dup2 dup3 epoll_create epoll_create1
epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd eventfd2 execve execveat exit exit_group faccessat
faccessat2 fadvise64 fallocate fchdir fchmod fchmodat fchmodat2 fchown fchownat fcntl fdatasync fgetxattr
flistxattr flock fork fremovexattr fsetxattr fstat fstatfs fsync ftruncate futex futex_waitv futimesat
get_robust_list get_thread_area getcpu getcwd getdents getdents64 getegid geteuid getgid getgroups getitimer
getpeername getpgid getpgrp getpid getppid getpriority getrandom getresgid getresuid getrlimit getrusage
getsid getsockname getsockopt gettid gettimeofday getuid getxattr inotify_add_watch inotify_init
inotify_init1 inotify_rm_watch ioprio_get ioprio_set kill landlock_add_rule landlock_create_ruleset
landlock_restrict_self lchown lgetxattr link linkat listen listxattr llistxattr lremovexattr lseek lsetxattr
lstat madvise membarrier memfd_create mincore mkdir mkdirat mlock mlock2 mlockall mmap mprotect mq_getsetattr
mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink mremap msgctl msgget msgrcv msgsnd msync munlock
munlockall munmap nanosleep newfstatat open openat openat2 pause pidfd_open pidfd_send_signal pipe pipe2
pkey_alloc pkey_free pkey_mprotect poll ppoll prctl pread64 preadv preadv2 prlimit64 pselect6 pwrite64
pwritev pwritev2 read readahead readlink readlinkat readv recvfrom recvmmsg recvmsg removexattr rename
renameat renameat2 restart_syscall rmdir rseq rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo
rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo sched_get_priority_max sched_get_priority_min
sched_getaffinity sched_getattr sched_getparam sched_getscheduler sched_rr_get_interval sched_setaffinity
sched_setattr sched_setparam sched_setscheduler sched_yield seccomp select semctl semget semop semtimedop
sendfile sendmmsg sendmsg sendto set_robust_list set_thread_area set_tid_address setfsgid setfsuid setgid
setgroups setitimer setpgid setpriority setregid setresgid setresuid setreuid setrlimit setsid setsockopt
setuid setxattr shmat shmctl shmdt shmget shutdown sigaltstack signalfd signalfd4 socketpair splice stat
statfs statx symlink symlinkat sync sync_file_range sync_file_range2 syncfs sysinfo tee tgkill time
timer_create timer_delete timer_getoverrun timer_gettime timer_settime timerfd_create timerfd_gettime
timerfd_settime times tkill truncate umask uname unlink unlinkat utime utimensat utimes vfork wait4 waitid
waitpid write writev
"""
_FORBIDDEN = """
acct add_key bpf chroot delete_module finit_module fsconfig fsmount fsopen fspick init_module io_uring_enter
io_uring_register io_uring_setup kcmp kexec_file_load kexec_load keyctl lookup_dcookie mknod mknodat mount
mount_setattr move_mount name_to_handle_at open_by_handle_at open_tree perf_event_open pidfd_getfd pivot_root
process_vm_readv process_vm_writev ptrace quotactl reboot request_key setdomainname sethostname setns
settimeofday swapoff swapon syslog umount2 unshare userfaultfd vhangup
"""
_UNIX, _INET, _INET6, _NETLINK, _NETLINK_ROUTE = 1, 2, 10, 16, 0
_STREAM, _DGRAM, _SOCKET_KIND, _TCP, _UDP = 1, 2, 0xF, 6, 17
_NAMESPACE_FLAGS = 0x7E020080  # every CLONE_NEW*, time namespaces too
_TERMINAL_IOCTLS = 0x5400  # their lowest bytes follow: TIOCSTI, TIOCLINUX, TIOCSETD
_FORBIDDEN_TERMINAL_IOCTLS = {0x12, 0x1C, 0x23}
_ALLOW = 0x7FFF0000
_EQ, _MASKED_EQ = 4, 7


def _errno_action(number: int) -> int:
    return 0x00050000 | number


class _Comparison(ctypes.Structure):
    _fields_ = (
        ("arg", ctypes.c_uint),
        ("op", ctypes.c_int),
        ("datum_a", ctypes.c_uint64),
        ("datum_b", ctypes.c_uint64),
    )


class _Filter:
    """libseccomp's filter context, closed by `compile`."""

    def __init__(self, default: int) -> None:
        self._lib = ctypes.CDLL("libseccomp.so.2", use_errno=True)
        self._lib.seccomp_init.restype = ctypes.c_void_p
        self._context = ctypes.c_void_p(self._lib.seccomp_init(ctypes.c_uint32(default)))

    def rule(self, action: int, name: str, *comparisons: _Comparison) -> None:
        number = self._lib.seccomp_syscall_resolve_name(name.encode())
        if number < 0:
            return  # a call of another architecture, or younger than this libseccomp: the default holds
        array = (_Comparison * len(comparisons))(*comparisons)
        result = self._lib.seccomp_rule_add_array(
            self._context, ctypes.c_uint32(action), number, len(comparisons), array
        )
        if result < 0:
            raise OSError(-result, f"seccomp rule for {name}: {os.strerror(-result)}")

    def compile(self) -> bytes:
        fd = os.memfd_create("seccomp")
        try:
            result = self._lib.seccomp_export_bpf(self._context, fd)
            if result < 0:
                raise OSError(-result, "seccomp export")
            return os.pread(fd, os.fstat(fd).st_size, 0)
        finally:
            self._lib.seccomp_release(self._context)
            os.close(fd)


def available() -> bool:
    try:
        ctypes.CDLL("libseccomp.so.2")
    except OSError:
        return False
    return True


@cache
def program() -> bytes:
    """The filter as classic BPF, ready for bwrap's --seccomp or `linux.take_filter`."""
    filter_ = _Filter(_errno_action(errno.ENOSYS))
    for name in _ALLOWED.split():
        filter_.rule(_ALLOW, name)
    for name in _FORBIDDEN.split():
        filter_.rule(_errno_action(errno.EPERM), name)
    _allow_some_sockets(filter_)
    _allow_clone_without_namespaces(filter_)
    _allow_ioctl_but_for_some_of_terminals(filter_)
    return filter_.compile()


def _allow_some_sockets(filter_: _Filter) -> None:
    """Families and protocols that are built into every kernel: any other could make it load a module."""
    filter_.rule(_ALLOW, "socket", _Comparison(0, _EQ, _UNIX, 0), _Comparison(2, _EQ, 0, 0))
    filter_.rule(_ALLOW, "socket", _Comparison(0, _EQ, _NETLINK, 0), _Comparison(2, _EQ, _NETLINK_ROUTE, 0))
    for family in (_INET, _INET6):
        for kind, protocols in ((_STREAM, (0, _TCP)), (_DGRAM, (0, _UDP))):
            for protocol in protocols:
                filter_.rule(
                    _ALLOW,
                    "socket",
                    _Comparison(0, _EQ, family, 0),
                    _Comparison(1, _MASKED_EQ, _SOCKET_KIND, kind),
                    _Comparison(2, _EQ, protocol, 0),
                )


def _allow_clone_without_namespaces(filter_: _Filter) -> None:
    filter_.rule(_ALLOW, "clone", _Comparison(0, _MASKED_EQ, _NAMESPACE_FLAGS, 0))


def _allow_ioctl_but_for_some_of_terminals(filter_: _Filter) -> None:
    """All requests but those that type into terminals or load line disciplines, told apart exactly.

    The kernel looks at the lower 32 bits only, libseccomp's "not equal" at all 64, so that TIOCSTI with a high bit set
    would slip past. A request is another one if any of its upper 24 bits is, or its lowest byte is one of the others.
    """
    for bit in (1 << position for position in range(8, 32)):
        filter_.rule(_ALLOW, "ioctl", _Comparison(1, _MASKED_EQ, bit, bit & ~_TERMINAL_IOCTLS))
    for low in set(range(256)) - _FORBIDDEN_TERMINAL_IOCTLS:
        filter_.rule(_ALLOW, "ioctl", _Comparison(1, _MASKED_EQ, 0xFFFFFFFF, _TERMINAL_IOCTLS | low))
