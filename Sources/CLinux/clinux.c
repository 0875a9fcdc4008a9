#define _GNU_SOURCE
#include "clinux.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <malloc.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int result(int value) { return value < 0 ? -errno : value; }

// --- Descriptors and time --------------------------------------------------------------------------------------------------------

int cl_poll(struct pollfd *descriptors, int count, int64_t timeout) {
    struct timespec limit = {timeout / 1000000000, timeout % 1000000000};
    return result(ppoll(descriptors, (nfds_t)count, timeout < 0 ? NULL : &limit, NULL));
}

int64_t cl_monotonic(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

// --- signals ---------------------------------------------------------------------------------------------------------------------

static sigset_t set_of(const int *signals, int count) {
    sigset_t set;
    sigemptyset(&set);
    for (int i = 0; i < count; i++) sigaddset(&set, signals[i]);
    return set;
}

int cl_signals_block(const int *signals, int count) {
    sigset_t set = set_of(signals, count);
    return -pthread_sigmask(SIG_BLOCK, &set, NULL);
}

void cl_signal_ignore(int number) { signal(number, SIG_IGN); }

bool cl_signal_waits(int signal) {
    sigset_t waiting;
    return sigpending(&waiting) == 0 && sigismember(&waiting, signal) == 1;
}

int cl_poll_or_signal(int fd, const int *signals, int count) {
    sigset_t set = set_of(signals, count);
    int signal = signalfd(-1, &set, SFD_CLOEXEC);
    if (signal < 0) return -errno;
    struct pollfd descriptors[2] = {{.fd = fd, .events = POLLIN}, {.fd = signal, .events = POLLIN}};
    int status = result(poll(descriptors, 2, -1));
    close(signal);
    return status < 0 ? status : descriptors[1].revents ? -EINTR : 0;
}

int cl_signal_take(const int *signals, int count) {
    sigset_t set = set_of(signals, count);
    struct timespec none = {0, 0};
    int number = sigtimedwait(&set, NULL, &none);
    return number < 0 ? 0 : number;
}

// --- process ---------------------------------------------------------------------------------------------------------------------

static int argument_count;
static char **arguments;

// glibc hands them to every constructor.
__attribute__((constructor)) static void keep_arguments(int count, char **values) {
    argument_count = count;
    arguments = values;
}

const char *cl_argument(int index) { return index >= 0 && index < argument_count ? arguments[index] : NULL; }

void cl_heap_usage(uint64_t *used, uint64_t *free) {
  struct mallinfo2 heap = mallinfo2();
  // Large blocks are mapped one by one and counted apart.
  *used = heap.uordblks + heap.hblkhd;
  *free = heap.fordblks;
}

int cl_open(const char *path, int flags, unsigned mode) { return result(open(path, flags, mode)); }

int cl_set_blocking(int fd) {
    int flags = fcntl(fd, F_GETFL);
    return flags < 0 ? -errno : result(fcntl(fd, F_SETFL, flags & ~O_NONBLOCK));
}

int cl_fork(void) { return result(fork()); }

int cl_pipe(int ends[2], int is_blocking) { return result(pipe2(ends, O_CLOEXEC | (is_blocking ? 0 : O_NONBLOCK))); }

int cl_user_id(const char *name, uint32_t *user, uint32_t *group) {
    errno = 0;
    struct passwd *entry = getpwnam(name);
    if (!entry) return errno ? -errno : -ENOENT;
    *user = entry->pw_uid;
    *group = entry->pw_gid;
    return 0;
}

int cl_group_id(const char *name, uint32_t *group) {
    errno = 0;
    struct group *entry = getgrnam(name);
    if (!entry) return errno ? -errno : -ENOENT;
    *group = entry->gr_gid;
    return 0;
}

static int set_capabilities(uint64_t wanted) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &header, data) < 0) return -errno;
    for (int i = 0; i < 2; i++) {
        uint32_t half = (uint32_t)(wanted >> (32 * i));
        data[i].permitted &= half;  // asking for more than there is would fail
        data[i].effective = data[i].permitted;
        data[i].inheritable = 0;
    }
    return result((int)syscall(SYS_capset, &header, data));
}

int cl_drop_privileges(uint32_t user, uint32_t group, const char *user_name, uint64_t capabilities) {
    if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0) return -errno;
    if (user_name ? initgroups(user_name, group) : setgroups(0, NULL)) return -errno;
    if (setresgid(group, group, group) < 0) return -errno;
    if (setresuid(user, user, user) < 0) return -errno;
    int status = set_capabilities(capabilities);
    if (status < 0) return status;
    return result(prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0));
}

int cl_enter_network_namespace(int fd) { return result(setns(fd, CLONE_NEWNET)); }

// --- netlink ---------------------------------------------------------------------------------------------------------------------

ssize_t cl_netlink_receive(int fd, void *buffer, size_t capacity, int wait, size_t *needed) {
    for (;;) {
        struct sockaddr_nl sender = {0};
        struct iovec part = {buffer, capacity};
        struct msghdr message = {.msg_name = &sender, .msg_namelen = sizeof sender, .msg_iov = &part, .msg_iovlen = 1};
        ssize_t count = recvmsg(fd, &message, MSG_TRUNC | (wait ? 0 : MSG_DONTWAIT));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return -errno;
        if (sender.nl_pid != 0) continue;
        *needed = (size_t)count;
        if (message.msg_flags & MSG_TRUNC) return -EMSGSIZE;
        return count;
    }
}

ssize_t cl_netlink_send(int fd, const void *bytes, size_t count) {
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    ssize_t sent;
    do sent = sendto(fd, bytes, count, 0, (struct sockaddr *)&kernel, sizeof kernel);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : sent;
}

int cl_netlink_ignore_port(int fd, uint32_t port) {
    // BPF loads words in network order, netlink writes them in host order.
    struct sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_ABS | BPF_W, offsetof(struct nlmsghdr, nlmsg_pid)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __builtin_bswap32(port), 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),
        BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
    };
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    program[1].k = port;
#endif
    struct sock_fprog filter = {sizeof program / sizeof program[0], program};
    return result(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter));
}
